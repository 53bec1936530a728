package collectortest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"confianza/collectors"
)

// collect runs c until everything is delivered that is not yet among seen, or
// until ready when that is set, and adds what came to seen. It fails for a
// source that stopped when it should not, or whose batches are not sound.
func (w World) collect(ctx context.Context, c collectors.Collector, from collectors.Cursor, rec *Recorder,
	seen *seen, ready func(*Recorder) bool,
) error {
	done := ready
	switch {
	case ready != nil:
	case w.Ends:
		done = nil // the end is part of what is looked at
	default:
		done = func(r *Recorder) bool { return seen.with(r.Batches()).has(w) }
	}
	o := w.run(ctx, c, from, rec, done)
	*seen = seen.with(rec.Batches())
	return errors.Join(o.broken, w.ended(o), w.sound(rec), w.keeps(o.err))
}

func (w World) run(ctx context.Context, c collectors.Collector, from collectors.Cursor, rec *Recorder, done func(*Recorder) bool) outcome {
	l := w.limits
	if l == (limits{}) {
		l = usual
	}
	return l.run(ctx, c, from, w.Want, rec, done)
}

// ended judges how Collect returned when nothing was wrong.
func (w World) ended(o outcome) error {
	switch {
	case o.itself && w.Ends && o.err == nil:
		return nil
	case o.itself:
		return fmt.Errorf("collecting returned by itself with: %v", o.err)
	case errors.Is(o.err, context.Canceled), w.Ends && o.err == nil:
		return nil
	case o.broken != nil:
		return nil
	}
	return fmt.Errorf("collecting returned %v when its context ended; want the context's error", o.err)
}

// keeps holds an error to keeping the world's secret.
func (w World) keeps(err error) error {
	if err != nil && w.Secret != "" && strings.Contains(err.Error(), w.Secret) {
		return fmt.Errorf("the secret shows in the error: %v", err)
	}
	return nil
}

// seen is what came from a world, as a store would keep it: the same thing
// twice is once.
type seen struct {
	posts map[string]collectors.Post
	gone  map[collectors.Gone]bool
	back  map[string]bool
}

func key(p collectors.Post) string { return p.Native + "@" + p.Revision }

// with is s and what the batches hold; s stays as it is.
func (s seen) with(batches []collectors.Batch) seen {
	sum := seen{map[string]collectors.Post{}, map[collectors.Gone]bool{}, map[string]bool{}}
	maps.Copy(sum.posts, s.posts)
	maps.Copy(sum.gone, s.gone)
	maps.Copy(sum.back, s.back)
	for _, b := range batches {
		for _, p := range b.Posts {
			sum.posts[key(p)] = p
		}
		for _, g := range b.Gone {
			sum.gone[g] = true
		}
		for _, a := range b.Back {
			sum.back[a] = true
		}
	}
	return sum
}

func (s seen) has(w World) bool { return s.lacks(w) == nil }

// lacks says what of the world has not come.
func (s seen) lacks(w World) error {
	var missing []error
	for _, p := range w.Posts {
		if _, ok := s.posts[key(p)]; !ok {
			missing = append(missing, fmt.Errorf("post %q was not delivered: %.60q", key(p), p.Text))
		}
	}
	for _, g := range w.Gone {
		if !s.gone[g] {
			missing = append(missing, fmt.Errorf("removal %+v was not delivered", g))
		}
	}
	for _, a := range w.Back {
		if !s.back[a] {
			missing = append(missing, fmt.Errorf("return of author %q was not delivered", a))
		}
	}
	return errors.Join(missing...)
}

// differs says what came that is not in the world, or came otherwise.
func (s seen) differs(w World) error {
	wanted := seen{}.with([]collectors.Batch{{Posts: w.Posts, Gone: w.Gone, Back: w.Back}})
	var wrong []error
	for k, got := range s.posts {
		want, ok := wanted.posts[k]
		if !ok {
			wrong = append(wrong, fmt.Errorf("post %q is not in the world: %.60q", k, got.Text))
			continue
		}
		wrong = append(wrong, unequal(got, want))
	}
	for g := range s.gone {
		if !wanted.gone[g] {
			wrong = append(wrong, fmt.Errorf("removal %+v is not in the world", g))
		}
	}
	for a := range s.back {
		if !wanted.back[a] {
			wrong = append(wrong, fmt.Errorf("return of author %q is not in the world", a))
		}
	}
	return errors.Join(wrong...)
}
