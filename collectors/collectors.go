// Package collectors says what a source of public posts must do, and keeps
// sources running.
//
// A [Collector] turns one platform into [Batch]es of [Post]s and hands them to
// [Deliver], which returns once they are durable. A [Supervisor] restarts it
// from the durable [Cursor] by class of error. Matching, storing and counting
// are left to the caller, so that a source knows nothing of brands, databases
// or metrics.
package collectors

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Form is the shape a post has at its source.
type Form string

// The forms of a post: a closed set, since it becomes a metric label.
const (
	FormPost    Form = "post"
	FormReply   Form = "reply"
	FormArticle Form = "article"
	FormReview  Form = "review"
)

// Post is one public text as its source gave it. Text is valid UTF-8 without
// markup.
type Post struct {
	Native    string    // the source's own id, unique and stable within the source
	Revision  string    // orders the versions of a post, as strings; "" when the source never revises
	URL       string    // where a person can read it; "" when there is no such place
	Author    string    // the author's stable id at the source; hashed at the door, never stored
	Text      string    // what was said; a title and a summary are joined by a newline
	Links     []string  // addresses the post points to, for brands named only by a domain
	Language  string    // BCP 47 as the source declares it, "" when it does not
	Brand     string    // the brand when the source already knows it (a mapped column); the door is then not asked
	Created   time.Time // the author's clock; may lie
	Seen      time.Time // the source's clock when it published the post; zero when the source has none
	Form      Form      // "" means [FormPost]
	Followers int       // of the author; 0 when unknown
}

// Cursor is where a source goes on after a restart. It is opaque to everyone
// but its source; "" means from now on.
type Cursor string

// Query is what a polled source asks a remote search for: one of Any, with
// one of Near when there are any, and none of Not.
type Query struct {
	Brand              string
	Any, Near, Not     []string // phrases as the configuration has them, unfolded
	Handles, Hashtags  []string // with their @ and #
	Domains, Languages []string
}

// Wanted is what the configured brands want from a source.
type Wanted struct {
	Queries []Query
	Names   func(text []byte) bool // the cheap door: false means that no brand can match; safe for concurrent use
}

// Gone says that one post, or all posts of an author, left the source.
// Exactly one of Native and Author is set.
type Gone struct {
	Native, Author string
	Hidden         bool // of an author: may come back (deactivated, suspended, taken down)
}

// Reason says why a post was dropped: a closed set, since it becomes a metric
// label.
type Reason string

// The reasons for dropping a post.
const (
	Undecodable  Reason = "undecodable"   // not in the source's documented shape
	NoText       Reason = "no_text"       // nothing to read
	NoTime       Reason = "no_time"       // neither a usable creation time nor a source time
	NoID         Reason = "no_id"         // nothing to tell it from others by
	TooLarge     Reason = "too_large"     // over the source's size limit
	UnknownBrand Reason = "unknown_brand" // a mapped brand column names a brand that is not configured
	Behind       Reason = "behind"        // the server said it skipped posts because this reader was slow
)

// Reasons lists every [Reason], for metrics that start at zero.
func Reasons() []Reason {
	return []Reason{Undecodable, NoText, NoTime, NoID, TooLarge, UnknownBrand, Behind}
}

// Batch is what a source delivers at once: posts, removals, and the cursor
// that makes them durable together. A Batch may be empty but for its cursor:
// it says that the source is heard and has nothing new.
//
// It is applied in the order Posts, Gone, Back. A source whose events came in
// an order that this would change (an author back, then gone again) ends the
// batch between them.
type Batch struct {
	Posts    []Post
	Gone     []Gone
	Back     []string // authors visible again
	Next     Cursor   // where to go on after this batch; "" leaves the cursor where it is
	Read     int      // posts examined since the last batch, matching or not
	Dropped  map[Reason]int
	Troubles []Trouble // parts (single feeds, files) that cannot be read while the rest goes on
	// Since and Until bound the stretch of source time this batch completes:
	// every post the source published in it has been delivered. Both zero when
	// the source cannot tell (an imported file).
	Since, Until time.Time
}

// Deliver makes a batch durable. It returns once it is: blocking is the back-
// pressure. After an error the collector returns; the batch comes again from
// the old cursor.
type Deliver func(ctx context.Context, b Batch) error

// Collector is one source.
//
// Collect goes on from the cursor until ctx ends, and then returns ctx's
// error; a source with an end (a file) returns nil there. Any other error ends
// this attempt: one that wraps [ErrRejected] waits for the operator, a
// [*Throttled] waits as told, all others are retried. Collect starts nothing
// that outlives it and keeps no state between calls.
type Collector interface {
	Collect(ctx context.Context, from Cursor, want Wanted, deliver Deliver) error
}

// ErrRejected means that the source refuses these credentials or this plan:
// trying again without the operator's help is useless, though it is still
// tried, rarely.
var ErrRejected = errors.New("needs the operator")

// Throttled means that the source asked to be left alone for a while.
type Throttled struct {
	Until time.Time // when to come back, by our clock
	Cause error
}

func (t *Throttled) Error() string {
	return fmt.Sprintf("throttled until %s: %v", t.Until.UTC().Format(time.RFC3339), t.Cause)
}

func (t *Throttled) Unwrap() error { return t.Cause }
