package collectortest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"confianza/collectors"
)

// errFull is the refusal of a store.
var errFull = errors.New("collectortest: the store refuses this batch")

func delivers(ctx context.Context, w World) error {
	if (seen{}).has(w) {
		return errors.New("the world of this test holds nothing")
	}
	var rec Recorder
	var got seen
	if err := w.collect(ctx, w.New(), w.From, &rec, &got, nil); err != nil {
		return err
	}
	read := 0
	for _, b := range rec.Batches() {
		read += b.Read
	}
	if read < len(w.Posts) {
		return fmt.Errorf("batches say %d posts were read, fewer than the %d delivered", read, len(w.Posts))
	}
	if w.Dropped != nil && !maps.Equal(rec.Dropped(), w.Dropped) {
		return fmt.Errorf("dropped %v, want %v", rec.Dropped(), w.Dropped)
	}
	return errors.Join(got.lacks(w), got.differs(w))
}

// aWhileAfter holds when ready has held for long enough to see a source go on
// where it should wait.
func aWhileAfter(ready func(*Recorder) bool) func(*Recorder) bool {
	var since time.Time
	return func(r *Recorder) bool {
		if since.IsZero() && ready(r) {
			since = time.Now()
		}
		return !since.IsZero() && time.Since(since) > 50*time.Millisecond
	}
}

// maxCuts bounds how many places a run is interrupted at.
const maxCuts = 100

func resumes(ctx context.Context, w World) error {
	var first Recorder
	if err := w.collect(ctx, w.New(), w.From, &first, new(seen), nil); err != nil {
		return err
	}
	batches := first.Batches()
	for n := range min(len(batches), maxCuts) {
		next := batches[n].Next
		if next == "" {
			continue
		}
		kept := seen{}.with(batches[:n+1])
		if err := w.goOn(ctx, w.New(), next, &kept); err != nil {
			return fmt.Errorf("from the cursor of batch %d, %.80q: %w", n, next, err)
		}
	}
	return nil
}

// goOn collects what kept lacks and looks that nothing is missing then. Even
// when nothing is, the source has to take the cursor.
func (w World) goOn(ctx context.Context, c collectors.Collector, from collectors.Cursor, kept *seen) error {
	var ready func(*Recorder) bool
	if kept.has(w) && !w.Ends {
		ready = aWhileAfter(func(*Recorder) bool { return true })
	}
	err := w.collect(ctx, c, from, new(Recorder), kept, ready)
	return errors.Join(err, kept.lacks(w), kept.differs(w))
}

func refused(ctx context.Context, w World) error {
	for n := range maxCuts {
		var rec Recorder
		hit := false
		rec.Before = func(_ context.Context, m int, _ collectors.Batch) error {
			if m != n {
				return nil
			}
			hit = true
			return errFull
		}
		done := func(r *Recorder) bool { return seen{}.with(r.Batches()).has(w) }
		if w.Ends {
			done = nil
		}
		o := w.run(ctx, w.New(), w.From, &rec, done)
		if err := errors.Join(o.broken, w.keeps(o.err)); err != nil {
			return fmt.Errorf("batch %d refused: %w", n, err)
		}
		if !hit {
			return nil // all came in fewer batches
		}
		// Told to end at the same moment, when all had come before, it may say so instead.
		told := !o.itself && errors.Is(o.err, context.Canceled)
		if !errors.Is(o.err, errFull) && !told {
			return fmt.Errorf("batch %d refused: collecting returned %v, want the error of Deliver", n, o.err)
		}
		kept := seen{}.with(rec.Batches())
		if err := w.goOn(ctx, w.New(), w.orFrom(rec.Cursor()), &kept); err != nil {
			return fmt.Errorf("after batch %d was refused: %w", n, err)
		}
	}
	return nil
}

func (w World) orFrom(c collectors.Cursor) collectors.Cursor {
	if c == "" {
		return w.From
	}
	return c
}

func cancelled(ctx context.Context, w World) error {
	over, cancel := context.WithCancel(ctx)
	cancel()
	o := w.run(over, w.New(), w.From, new(Recorder), func(*Recorder) bool { return false })
	if err := o.broken; err != nil {
		return fmt.Errorf("context over before the start: %w", err)
	}
	if !errors.Is(o.err, context.Canceled) {
		return fmt.Errorf("context over before the start: collecting returned %v, want the context's error", o.err)
	}
	if w.Ends {
		return nil
	}
	idle := aWhileAfter(func(r *Recorder) bool { return seen{}.with(r.Batches()).has(w) })
	return w.collect(ctx, w.New(), w.From, new(Recorder), new(seen), idle)
}

func blocked(ctx context.Context, w World) error {
	var rec Recorder
	entered := make(chan struct{})
	let := make(chan struct{})
	defer close(let)
	rec.Before = func(ctx context.Context, n int, _ collectors.Batch) error {
		if n == 0 {
			close(entered)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-let: // the source gave Deliver a context that does not end
			return errFull
		}
	}
	o := w.run(ctx, w.New(), w.From, &rec, aWhileAfter(func(*Recorder) bool {
		select {
		case <-entered:
			return true
		default:
			return false
		}
	}))
	if o.broken != nil {
		return o.broken
	}
	if !errors.Is(o.err, context.Canceled) {
		return fmt.Errorf("collecting returned %v when its context ended during a delivery, want the context's error", o.err)
	}
	var kept seen
	return w.goOn(ctx, w.New(), w.orFrom(rec.Cursor()), &kept)
}

func again(ctx context.Context, w World) error {
	c := w.New()
	for _, turn := range []string{"first", "second"} {
		var got seen
		if err := w.goOn(ctx, c, w.From, &got); err != nil {
			return fmt.Errorf("%s time: %w", turn, err)
		}
	}
	return nil
}

// garbage has cursors no source writes.
var garbage = []collectors.Cursor{"garbage", "{", "[]", "\x00\xff\xfe", "-1", `{"no":"such"}`, "¿dónde?"}

// garbled lets a source refuse a cursor or start over, but not skip.
func garbled(ctx context.Context, w World) error {
	for _, from := range garbage {
		var rec Recorder
		done := func(r *Recorder) bool { return seen{}.with(r.Batches()).has(w) }
		o := w.run(ctx, w.New(), from, &rec, done)
		if err := errors.Join(o.broken, w.keeps(o.err), w.sound(&rec)); err != nil {
			return fmt.Errorf("cursor %q: %w", from, err)
		}
		if o.itself && o.err != nil {
			continue
		}
		if err := (seen{}).with(rec.Batches()).lacks(w); err != nil {
			return fmt.Errorf("cursor %q was taken, but: %w", from, err)
		}
	}
	return nil
}

func unwanted(ctx context.Context, w World) error {
	w.Want = collectors.Wanted{Names: func([]byte) bool { return false }}
	var rec Recorder
	ready := func(r *Recorder) bool { return r.Cursor() != "" && r.Cursor() != w.From }
	if w.Ends {
		ready = nil
	}
	if err := w.collect(ctx, w.New(), w.From, &rec, new(seen), ready); err != nil {
		return err
	}
	// A source that was told the brand does not ask.
	passed := func(p collectors.Post) bool { return p.Brand == "" && !slices.Contains(w.Edited, p.Native) }
	if i := slices.IndexFunc(rec.Posts(), passed); i >= 0 {
		return fmt.Errorf("delivered post %q though nothing is wanted", rec.Posts()[i].Native)
	}
	if w.orFrom(rec.Cursor()) == w.From {
		return errors.New("the cursor did not move though everything was read")
	}
	return nil
}
