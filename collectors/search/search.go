// Package search collects the past and the present from a remote search that
// answers for a stretch of time with at most so many posts.
//
// A [Site] says how to ask; a [Search] walks each of its questions through
// time, oldest first, a stretch at a time: narrower where more was found than
// an answer holds, wider where little was. How a question is worded and what
// an answer means is left to the source.
package search

import (
	"context"
	"fmt"
	"time"

	"confianza/collectors"
)

// Stretch is the time from From to just before To.
type Stretch struct{ From, To time.Time }

// Question is one query as a site understands it.
type Question struct {
	Brand   string // on whose behalf it is asked
	Text    string
	Trouble string // what of the wish it leaves out; "" when nothing
}

// Answer is what a site found.
type Answer struct {
	Posts   []collectors.Post // those that are wanted, in any order
	Found   int               // before anything was left out
	Dropped map[collectors.Reason]int
	More    bool // there may be more than the answer holds
}

// Site is a remote search.
type Site struct {
	Name   string        // of the source, prefix of errors
	Unit   time.Duration // the narrowest stretch it can be asked for, whole seconds
	Widest time.Duration // the widest worth asking for
	Settle time.Duration // after which it surely finds a post; not less than Unit
	Reach  time.Duration // how far back it goes; 0 means to its beginning
	Cap    int           // posts an answer holds
	Pace   time.Duration // between an answer and the next question

	// Questions words what is wanted. What it gives for one query does not
	// depend on the others, so that a new brand leaves them where they are.
	Questions func([]collectors.Query) []Question
	// Ask asks for one stretch; names is the cheap door. An error that is a
	// [*Refused] concerns this question alone.
	Ask   func(ctx context.Context, q Question, in Stretch, names func([]byte) bool) (Answer, error)
	Close func() // of idle connections
}

// Refused says that a site does not take a question as it is worded.
type Refused struct{ Why string }

func (r *Refused) Error() string { return "refuses the query: " + r.Why }

// Cause is that of every refusal.
func (r *Refused) Cause() collectors.Cause { return collectors.CauseRequest }

// Search is a [collectors.Collector] over a site. With a Span it ends when
// that is delivered, without one it goes on for ever.
//
// Its cursor says for each question how far it is complete, so that one that
// is new begins with its own past while the others go on.
type Search struct {
	Site
	Every time.Duration // between two rounds once all are in the present
	Past  time.Duration // how far back a question begins that was never asked
	Span  *Stretch      // nil means for ever

	Now  func() time.Time                           // the clock
	Wait func(context.Context, time.Duration) error // returns ctx's error when that ends first
}

// Wait waits by the real clock.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return ctx.Err()
	}
}

// maxQuestions keeps the cursor small, which is written with every batch.
const maxQuestions = 2000

// Collect asks until ctx or the span ends.
func (s *Search) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	defer s.Close()
	if err := ctx.Err(); err != nil {
		return err
	}
	r := s.resume(from, want, deliver)
	if n := len(r.threads); n > maxQuestions {
		return collectors.Because(collectors.CauseOverflow,
			fmt.Errorf("%s: %d queries are more than %d: fewer brands or names: %w", s.Name, n, maxQuestions, collectors.ErrRejected))
	}
	if len(r.threads) == 0 {
		return r.nothing(ctx)
	}
	for {
		t := r.next()
		switch {
		case t != nil:
			if err := r.step(ctx, t); err != nil {
				return err
			}
		case s.Span != nil:
			return r.refusals(r.refused())
		default:
			if err := s.Wait(ctx, r.rest()); err != nil {
				return err
			}
		}
	}
}
