package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"confianza/collectors"
)

// again is how long a question rests that was refused. Its words do not
// change, but a site's rules may.
const again = time.Hour

// refuse notes a question that its site does not take. The others go on; when
// there is no other, the operator is needed.
func (r *run) refuse(ctx context.Context, t *thread) error {
	t.due = r.s.Now().Add(again)
	if refused := r.refused(); len(refused) == len(r.threads) {
		return r.refusals(refused)
	}
	return r.send(ctx, collectors.Batch{})
}

func (r *run) refused() []*thread {
	var all []*thread
	for _, t := range r.threads {
		if t.refusal != nil {
			all = append(all, t)
		}
	}
	return all
}

func (t *thread) refused(source string) error {
	return fmt.Errorf("%s: %q: %w", source, t.Text, t.refusal)
}

// refusals is an error for the operator, nil without any.
func (r *run) refusals(refused []*thread) error {
	var all []error
	for _, t := range refused {
		all = append(all, t.refused(r.s.Name))
	}
	if all == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errors.Join(all...), collectors.ErrRejected)
}

// covered is until when every question is complete. One that is refused does
// not count: it is a trouble, not a deaf source.
func (r *run) covered() (until time.Time) {
	for _, t := range r.threads {
		if t.refusal == nil && (until.IsZero() || t.done.Before(until)) {
			until = t.done
		}
	}
	return until
}

// completed is the stretch that a step has completed, both zero when none.
func (r *run) completed(before, now time.Time) (since, until time.Time) {
	since, until = before, r.covered()
	for _, t := range r.threads {
		if t.refusal == nil && t.since.After(since) {
			since = t.since
		}
	}
	if settled := r.s.settled(now); until.After(settled) {
		until = settled // a span that ends in the present
	}
	if !until.After(since) {
		return time.Time{}, time.Time{}
	}
	return since, until
}
