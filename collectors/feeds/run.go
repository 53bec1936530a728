package feeds

import (
	"context"
	"errors"
	"slices"
	"time"

	"confianza/collectors"
)

// feed is one configured feed during one call of Collect.
type feed struct {
	url   string
	state state
	due   time.Time // of the next poll
	busy  bool      // a poll is under way
	heard bool      // a poll has succeeded in this call
	err   error     // of the last poll, when that was in this call
}

// run is one call of Collect. Only its own goroutine touches it and its
// feeds' states; polls read a feed's state while nobody writes it.
type run struct {
	c       *Collector
	want    collectors.Wanted
	asked   string // what was wanted, to notice that it changed
	deliver collectors.Deliver
	feeds   []*feed
	polled  chan poll
}

// Rest between two polls of a feed, however often we are started: enough for
// a process that dies at once and is restarted for ever.
const rest = time.Minute

func (c *Collector) resume(from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) *run {
	now := c.now().UTC()
	place := read(from, now)
	r := &run{c: c, want: want, asked: digest(want), deliver: deliver, polled: make(chan poll, len(c.c.URLs))}
	for _, u := range c.c.URLs {
		f := &feed{url: u, state: place.Feeds[hash(u)]}
		if place.Asked != r.asked {
			// Everything a feed holds is to be looked at again, at once.
			f.state.ETag, f.state.Modified = "", ""
		} else if at := f.state.At; !at.IsZero() {
			f.due = at.Add(min(rest, c.c.Every))
		}
		if fail := f.state.Fail; fail != nil && fail.After.After(f.due) {
			f.due = fail.After
		}
		r.feeds = append(r.feeds, f)
	}
	return r
}

// due are the feeds to poll now.
func (r *run) due() []*feed {
	var due []*feed
	now := r.c.now()
	for _, f := range r.feeds {
		if wait := f.due.Sub(now); !f.busy && (wait <= 0 || wait > f.longest(r.c.c.Every)) {
			due = append(due, f)
		}
	}
	return due
}

// longest is how long a feed can be told to wait. One that is due later met a
// clock that was turned back since, which is not waited for.
func (f *feed) longest(every time.Duration) time.Duration {
	if f.state.Fail == nil {
		return every
	}
	return f.state.Fail.longest()
}

// next is how long to wait for the next feed to be due.
func (r *run) next() time.Duration {
	wait := r.c.c.Every
	now := r.c.now()
	for _, f := range r.feeds {
		if !f.busy {
			wait = min(wait, f.due.Sub(now))
		}
	}
	return wait
}

// allFail holds when there is no feed that could be heard without waiting for
// one that failed.
func (r *run) allFail() bool {
	return !slices.ContainsFunc(r.feeds, func(f *feed) bool { return f.busy || f.state.Fail == nil })
}

// take makes a poll durable.
func (r *run) take(ctx context.Context, p poll) error {
	f := p.of
	f.busy = false
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case p.err != nil:
		f.err = p.err
		f.state.Fail = f.state.Fail.again(p.err, r.c.now().UTC())
		f.due = f.state.Fail.After
		if !slices.ContainsFunc(r.feeds, func(f *feed) bool { return f.heard && f.state.Fail == nil }) {
			return nil // to be told once a feed is heard: else an unheard source would look heard
		}
		return r.deliver(ctx, r.batch())
	}
	f.heard, f.err, f.state.Fail = true, nil, nil
	f.due = r.c.now().Add(r.c.c.Every)
	f.state.ETag, f.state.Modified = short(p.tags.ETag), short(p.tags.Modified)
	before := r.covered()
	n := f.state.meet(p, r.want.Names, r.share())
	b := r.batch()
	b.Posts, b.Read, b.Dropped = n.posts, n.read, n.dropped
	b.Since, b.Until = r.completed(before)
	return r.deliver(ctx, b)
}

// batch has what every batch has.
func (r *run) batch() collectors.Batch {
	place := place{Asked: r.asked, Feeds: map[string]state{}}
	var troubles []collectors.Trouble
	for _, f := range r.feeds {
		place.Feeds[hash(f.url)] = f.state
		if f.state.Fail != nil {
			troubles = append(troubles, collectors.Trouble{Cause: f.state.Fail.cause(), Why: f.state.Fail.Why})
		}
	}
	return collectors.Batch{Next: place.cursor(), Troubles: troubles}
}

// end is the error to end with when no feed can be heard: one that is simply
// retried when there is one, else the throttling that ends first.
func (r *run) end(ctx context.Context) error {
	worst := slices.MinFunc(r.feeds, func(a, b *feed) int {
		if c := order(a.state.Fail.Class) - order(b.state.Fail.Class); c != 0 {
			return c
		}
		if a.state.Fail.Class != throttled {
			return 0 // the first listed, so that the same failure has the same words each time
		}
		return a.state.Fail.After.Compare(b.state.Fail.After)
	})
	err := worst.err
	if err == nil {
		err = worst.state.Fail.err()
	}
	// Whoever asked to be left alone for longer than this error does must be
	// remembered, or it would be asked again with the others.
	back := r.c.now().Add(rest)
	if limit, ok := errors.AsType[*collectors.Throttled](err); ok {
		back = limit.Until.Add(rest)
	}
	if slices.ContainsFunc(r.feeds, func(f *feed) bool {
		return f.err != nil && f.state.Fail.Class == throttled && f.state.Fail.After.After(back)
	}) {
		if err := r.deliver(ctx, r.batch()); err != nil {
			return err
		}
	}
	return err
}

// deadAfter is how long a feed may be unreadable before the others count
// without it: one dead feed of many is a trouble, not a deaf source.
const deadAfter = time.Hour

// covered is until when every feed that is not dead has been read; zero when
// one of them never was, or all are dead.
func (r *run) covered() (until time.Time) {
	for i, f := range slices.DeleteFunc(slices.Clone(r.feeds), r.dead) {
		if i == 0 || f.state.At.Before(until) {
			until = f.state.At
		}
	}
	return until
}

func (r *run) dead(f *feed) bool {
	return f.state.Fail != nil && r.c.now().Sub(f.state.At) > deadAfter
}

// completed is the stretch that a poll has completed, both zero when it did
// not.
//
// It is what feeds can tell: that every feed but the dead was read at both ends,
// and that no more was published in between than a feed holds. It cannot tell
// that a publisher lists everything in its feed, nor that it does so at once:
// an article often shows some minutes after the time it bears.
func (r *run) completed(before time.Time) (since, until time.Time) {
	since, until = before, r.covered()
	for _, f := range r.feeds {
		if f.state.Whole.After(since) {
			since = f.state.Whole
		}
	}
	if !until.After(since) { // as after a first poll, when a feed is whole since just now
		return time.Time{}, time.Time{}
	}
	return since, until
}

// share is how many items each feed is remembered by at most.
func (r *run) share() int { return maxItems / len(r.feeds) }

// short leaves out what no honest server sends.
func short(tag string) string {
	if len(tag) > 512 {
		return ""
	}
	return tag
}
