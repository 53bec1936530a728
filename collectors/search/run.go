package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"confianza/collectors"
)

// run is one call of Collect.
type run struct {
	s       *Search
	want    collectors.Wanted
	deliver collectors.Deliver
	threads []*thread
	last    int                  // whose turn it was
	until   time.Time            // where the span ends; zero without one
	told    map[string]time.Time // posts delivered that will be found again
}

func (s *Search) resume(from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) *run {
	r := &run{s: s, want: want, deliver: deliver, last: -1, told: map[string]time.Time{}}
	now, place := s.Now(), read(from)
	if s.Span != nil {
		r.until = s.Span.To
		if r.until.After(now) {
			r.until = now // what is still to come is not the past
		}
	}
	known := map[string]bool{}
	for _, q := range s.Questions(want.Queries) {
		if t := s.thread(q, place, now); !known[t.key] {
			known[t.key] = true
			r.threads = append(r.threads, t)
		}
	}
	return r
}

// nothing is what to do when nobody is asked about: be there.
func (r *run) nothing(ctx context.Context) error {
	for {
		if err := r.deliver(ctx, collectors.Batch{Next: r.cursor()}); err != nil || r.s.Span != nil {
			return err
		}
		if err := r.s.Wait(ctx, r.s.Every); err != nil {
			return err
		}
	}
}

// end is where the walk ends: in the present, or with the span.
func (r *run) end(now time.Time) time.Time {
	if r.s.Span != nil {
		now = r.until
	}
	return now.UTC().Truncate(time.Second)
}

// next is the question whose turn it is, nil when none is due. Each has one
// stretch in turn, so that the past of a new brand does not silence the others.
func (r *run) next() *thread {
	now := r.s.Now()
	for i := range r.threads {
		n := (r.last + 1 + i) % len(r.threads)
		t := r.threads[n]
		if r.s.Span == nil && r.rests(t, now) || r.s.Span != nil && (t.refusal != nil || !t.at.Before(r.end(now))) {
			continue
		}
		r.last = n
		return t
	}
	return nil
}

// rests tells whether a question is not due yet. None rests for longer than it
// is ever told to: a clock that was turned back is not waited for.
func (r *run) rests(t *thread, now time.Time) bool {
	wait := t.due.Sub(now)
	return wait > 0 && wait <= max(r.s.Every, again)
}

// rest is how long to wait for the next question to be due.
func (r *run) rest() time.Duration {
	first := slices.MinFunc(r.threads, func(a, b *thread) int { return a.due.Compare(b.due) })
	return min(max(first.due.Sub(r.s.Now()), 0), r.s.Every) // a clock may have been turned back
}

// leap is how late a question may be asked before our clock is suspected: it
// may have jumped ahead, and what was complete by it was only so until then.
const leap = time.Hour

// step asks for one stretch.
func (r *run) step(ctx context.Context, t *thread) error {
	if err := r.s.Wait(ctx, r.s.Pace); err != nil {
		return err
	}
	if late := r.s.Now().Sub(t.due); !t.due.IsZero() && late > leap && t.sure.IsZero() {
		t.sure = t.done
	}
	in, ahead := r.stretch(t)
	if !ahead {
		t.due = r.s.Now().Add(r.s.Every) // the clock was turned back
		return nil
	}
	answer, err := r.s.Ask(ctx, t.Question, in, r.want.Names)
	t.refusal = nil
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &t.refusal):
		return r.refuse(ctx, t)
	case err != nil:
		return fmt.Errorf("%s: %w", r.s.Name, err)
	case answer.More && in.To.Sub(in.From) > r.s.Unit:
		t.width = max(in.To.Sub(in.From)/2, r.s.Unit).Truncate(time.Second)
		return nil
	}
	return r.take(ctx, t, in, answer)
}

// stretch is what to ask for next. At the end of a walk it may begin before
// what is read, since it is never narrower than a unit.
func (r *run) stretch(t *thread) (in Stretch, ahead bool) {
	now := r.s.Now()
	if r.s.Span == nil && !t.at.Before(r.end(now)) {
		settled := r.s.settled(now)
		if !t.sure.IsZero() && t.done.After(settled) && t.sure.Before(settled) {
			settled = t.sure // the clock is right again
		}
		t.settle(settled)
		t.at, t.sure = t.done, time.Time{}
	}
	in = Stretch{t.at, t.at.Add(t.width)}
	if end := r.end(now); in.To.After(end) {
		in.To = end
	}
	if in.To.Sub(in.From) < r.s.Unit {
		in.From = in.To.Add(-r.s.Unit)
	}
	return in, t.at.Before(in.To)
}

// take makes an answer durable.
func (r *run) take(ctx context.Context, t *thread, in Stretch, answer Answer) error {
	now := r.s.Now()
	before := r.covered()
	t.at = in.To
	if t.done = in.To; t.done.After(r.s.settled(now)) && r.s.Span == nil {
		t.done = r.s.settled(now)
	}
	switch {
	case answer.More:
		t.since = t.done
		t.lost = fmt.Sprintf("%s: %q: more than %d posts from %s to %s, the rest is lost", r.s.Name, t.Text,
			r.s.Cap, in.From.Format(time.RFC3339), in.To.Format(time.RFC3339))
	case !t.due.IsZero():
		t.lost = "" // it was seen for a round at least
	}
	if 3*answer.Found < r.s.Cap {
		t.width = min(2*t.width, r.s.Widest)
	}
	if r.s.Span == nil && !in.To.Before(r.end(now)) {
		t.at, t.due = t.done, now.Add(r.s.Every)
	}
	b := collectors.Batch{Dropped: answer.Dropped}
	b.Posts, b.Read = r.fresh(answer, r.s.settled(now))
	b.Since, b.Until = r.completed(before, now)
	return r.send(ctx, b)
}

// fresh is what was not delivered before. Only posts that are asked for again,
// while they may not all be found yet, are remembered, and only during one
// call: what comes twice is harmless.
func (r *run) fresh(answer Answer, settled time.Time) (posts []collectors.Post, found int) {
	found = answer.Found
	for _, p := range answer.Posts {
		if _, again := r.told[p.Native]; again {
			found--
			continue
		}
		if !p.Created.Before(settled) {
			r.told[p.Native] = p.Created
		}
		posts = append(posts, p)
	}
	covered := r.covered()
	for native, created := range r.told {
		if created.Before(covered) {
			delete(r.told, native)
		}
	}
	return posts, max(found, len(posts))
}

func (r *run) send(ctx context.Context, b collectors.Batch) error {
	b.Next = r.cursor()
	for _, t := range r.threads {
		for _, said := range t.troubles(r.s.Name) {
			if !slices.Contains(b.Troubles, said) { // queries of one brand share some
				b.Troubles = append(b.Troubles, said)
			}
		}
	}
	return r.deliver(ctx, b)
}

// troubles is what goes wrong with a question while the others go on.
func (t *thread) troubles(source string) (all []collectors.Trouble) {
	switch {
	case t.refusal != nil:
		all = append(all, collectors.TroubleOf(t.refused(source)))
	case t.lost != "":
		all = append(all, collectors.Trouble{Cause: collectors.CauseOverflow, Why: t.lost})
	}
	if t.Trouble != "" {
		all = append(all, collectors.Trouble{Cause: collectors.CauseRequest, Why: source + ": " + t.Trouble})
	}
	return all
}
