package collectortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"confianza/collectors"
)

// limits end a failing test; a source that keeps its promises reaches none.
type limits struct {
	patience time.Duration // until all of a world is delivered
	promptly time.Duration // until a source told to stop has returned
}

// usual leaves room for a busy machine.
var usual = limits{20 * time.Second, 5 * time.Second}

// Run lets c collect into rec from a cursor until done holds, ends it, and
// returns Collect's error. A done of nil waits until Collect returns. The test
// fails when c panics, will not end or leaves a goroutine behind.
func Run(t testing.TB, c collectors.Collector, from collectors.Cursor, want collectors.Wanted,
	rec *Recorder, done func(*Recorder) bool,
) error {
	t.Helper()
	o := usual.run(t.Context(), c, from, want, rec, done)
	if o.broken != nil {
		t.Fatal(o.broken)
	}
	return o.err
}

// outcome is how one call of Collect ended.
type outcome struct {
	err    error // what Collect returned
	itself bool  // before it was told to end
	broken error // what it did that no source may
}

func (l limits) run(ctx context.Context, c collectors.Collector, from collectors.Cursor, want collectors.Wanted,
	rec *Recorder, done func(*Recorder) bool,
) outcome {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	label := strconv.FormatInt(runs.Add(1), 10)
	returned := make(chan error, 1)
	go pprof.Do(ctx, pprof.Labels(labelKey, label), func(ctx context.Context) {
		returned <- collect(ctx, c, from, want, rec)
	})
	var o outcome
	o.itself, o.broken = l.wait(rec, done, returned)
	cancel()
	select {
	case o.err = <-returned:
	case <-time.After(l.promptly):
		o.broken = errors.Join(o.broken, fmt.Errorf("still collecting %v after its context ended", l.promptly))
		return o
	}
	var p *panicked
	if errors.As(o.err, &p) {
		o.broken = p
	}
	o.broken = errors.Join(o.broken, rec.misuse(), l.left(label))
	return o
}

type panicked struct{ what string }

func (p *panicked) Error() string { return p.what }

func collect(ctx context.Context, c collectors.Collector, from collectors.Cursor, want collectors.Wanted, rec *Recorder) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicked{fmt.Sprintf("panic from cursor %q: %v\n%s", from, p, debug.Stack())}
		}
	}()
	if want.Names == nil {
		want.Names = func([]byte) bool { return true }
	}
	return c.Collect(ctx, from, want, rec.Deliver)
}

// wait returns when done holds, or when Collect has returned by itself, whose
// error it leaves in the channel.
func (l limits) wait(rec *Recorder, done func(*Recorder) bool, returned chan error) (itself bool, broken error) {
	late := time.NewTimer(l.patience)
	defer late.Stop()
	tick := time.NewTicker(20 * time.Millisecond) // for a done that looks at the time
	defer tick.Stop()
	for {
		next := rec.next()
		if done != nil && done(rec) {
			return false, nil
		}
		select {
		case <-next:
		case <-tick.C:
		case err := <-returned:
			returned <- err
			return true, nil
		case <-late.C:
			return false, fmt.Errorf("gave up after %v with %d batches and %d posts delivered", l.patience, len(rec.Batches()), len(rec.Posts()))
		}
	}
}

// Goroutines inherit profiler labels, which tells those a source has started
// from those of its fake server.
const labelKey = "collectortest"

var runs atomic.Int64

// left says which goroutines a run left behind. Ending them may take a moment
// after Collect returned, as closing an HTTP connection does.
func (l limits) left(label string) error {
	mark := []byte(strconv.Quote(labelKey) + ":" + strconv.Quote(label))
	deadline := time.Now().Add(l.promptly)
	for {
		var all bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
			return err
		}
		var alive []byte
		for stack := range bytes.SplitSeq(all.Bytes(), []byte("\n\n")) {
			if bytes.Contains(stack, mark) {
				alive = append(append(alive, stack...), '\n')
			}
		}
		switch {
		case alive == nil:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("left goroutines behind:\n%s", alive)
		}
		time.Sleep(time.Millisecond)
	}
}
