package store

import (
	"time"

	"confianza/internal/mention"
)

// CountQuery selects mentions to count.
type CountQuery struct {
	Brands, Sources []string      // empty means all
	Scorer          string        // a scorer's version; "" means the one whose results are shown, see [Store.Begin]
	Span            mention.Span  // event time; widened to whole minutes
	Step            time.Duration // width of a bucket: a multiple of a minute
}

// Count is how many mentions of one series fell into one bucket.
type Count struct {
	At                      time.Time // start of the bucket, aligned to Step since the Unix epoch
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
	N                       int64 // at least 1: empty buckets are left out
}

// LatestQuery selects mentions to read, newest event first.
type LatestQuery struct {
	Brand    string // "" means any, as for the next three
	Source   string
	Language string           // as scored: unscored mentions have none
	Polarity mention.Polarity // "" takes unscored ones too
	Since    time.Time        // this event time or later; zero means from the oldest
	Before   time.Time        // only older ones, or as old with an ID below BeforeID; zero means from the newest
	BeforeID int64
	Limit    int
}

// SearchQuery selects mentions by what they say, newest event first.
type SearchQuery struct {
	Text                    string // see [Reader.Search]
	Brand, Source, Language string // as in [LatestQuery]
	Polarity                mention.Polarity
	Span                    mention.Span // event time; a zero end is open
	Before                  time.Time    // the next page, as in [LatestQuery]
	BeforeID                int64
	Limit                   int
}

// filter is a search without its text. The earlier of Span.To and Before
// bounds it.
func (q SearchQuery) filter() LatestQuery {
	f := LatestQuery{Brand: q.Brand, Source: q.Source, Language: q.Language, Polarity: q.Polarity,
		Since: q.Span.From, Before: q.Before, BeforeID: q.BeforeID, Limit: q.Limit}
	if to := q.Span.To; !to.IsZero() && (f.Before.IsZero() || to.Before(f.Before) || to.Equal(f.Before)) {
		f.Before, f.BeforeID = to, 0
	}
	return f
}

// Total is how many mentions were ever counted under one set of labels.
type Total struct {
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
	N                       int64
}
