// Package mention holds the words the rooms share: a [Mention] that passed the
// door, its [Score], and the closed sets that become labels.
//
// There is no author's name here: only a [Key], a keyed hash made at the door.
package mention

import "time"

// Key stands for an author or a deleted post without telling who: a truncated
// HMAC-SHA-256 under the store's own secret.
type Key [16]byte

// Polarity is the sign of what a mention says, or that nobody can tell.
type Polarity string

// The polarities. Unknown is not neutral: no scorer covers the language, or
// the text was gone before it could be read.
const (
	Negative Polarity = "negative"
	Neutral  Polarity = "neutral"
	Positive Polarity = "positive"
	Unknown  Polarity = "unknown"
)

// Polarities lists every polarity in the order pages and tables show them.
func Polarities() []Polarity { return []Polarity{Negative, Neutral, Positive, Unknown} }

// Kind tells opinion from reporting and from the brand's own voice.
type Kind string

// The kinds. Everything is KindUnknown until a classifier for them exists.
const (
	Opinion     Kind = "opinion"
	News        Kind = "news"
	BrandOwn    Kind = "brand_own"
	KindUnknown Kind = "unknown"
)

// Visibility is whether a mention's text may be shown.
type Visibility int

// Shown is visible at the source; Hidden may come back (its author is
// deactivated or taken down); Deleted is gone for good, its text erased.
const (
	Shown Visibility = iota
	Hidden
	Deleted
)

// Mention is one post that names at least one brand.
type Mention struct {
	ID         int64     // position in the store's log; 0 before it is stored; a newer revision gets a new one
	Source     string    // the source's label
	Native     string    // the source's own id; "" once deleted
	Revision   string    // orders versions, as strings
	URL        string    // "" once deleted, or when there is none
	Author     Key       // zero when unknown or deleted
	Text       string    // "" once deleted or past its retention
	Declared   string    // language as the source declared it, BCP 47 or ""
	At         time.Time // event time, UTC: what every series is kept by
	Seen       time.Time // when the source published it, or else when we read it
	Form       string    // post, reply, article, review
	Followers  int
	Brands     []string // at least one, sorted, each once
	Visibility Visibility
	Score      Score // zero until scored
}

// Scored tells whether a scorer has passed over the mention.
func (m *Mention) Scored() bool { return m.Score.Scorer != "" }

// Score is what analysis found in one mention's text.
type Score struct {
	Language                    string   // a label of the closed set: ours or "other"
	Polarity                    Polarity // Unknown leaves the probabilities zero
	Negative, Neutral, Positive float64  // probabilities, sum 1 unless Unknown
	Scorer                      string   // version of what scored it, such as "vader@1"; never ""
}

// Gone says that one post, or all posts of an author, left the source: one of
// Native and Author is set.
type Gone struct {
	Native string
	Author Key
	Hidden bool // of an author: may come back
}

// Span is a stretch of time, From included, To excluded; empty when To is not
// after From.
type Span struct{ From, To time.Time }
