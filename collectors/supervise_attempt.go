package collectors

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// attempt is one call of Collect. Its fields are written by the source's
// deliveries, which are over when run returns.
type attempt struct {
	s        *Supervisor
	cancel   context.CancelCauseFunc
	watchdog *time.Timer // nil without one
	first    time.Time   // when the first batch was durable
	damage   error       // to our own store, which no retry heals
}

// healthy tells whether the source has been heard for long enough to forget
// its past failures. A server that accepts a connection, sends one event and
// closes it is not well.
func (a *attempt) healthy() bool {
	return !a.first.IsZero() && time.Since(a.first) >= healthyAfter
}

func (a *attempt) run(ctx context.Context, want Wanted) error {
	from, err := a.s.Load(ctx)
	if err != nil {
		a.damage = ours(ctx, err)
		return err
	}
	a.s.set(func(st *Status) { st.Attempts++; st.Phase, st.Next = Starting, time.Time{} })
	ctx, a.cancel = context.WithCancelCause(ctx)
	defer a.cancel(nil)
	if idle := a.s.Idle; idle > 0 {
		silent := silence{Because(CauseSilent, fmt.Errorf("%s: silent for %v", a.s.Source, idle))}
		a.watchdog = time.AfterFunc(idle, func() { a.cancel(silent) })
		defer a.watchdog.Stop()
	}
	err = a.collect(ctx, from, want)
	if silent, ok := errors.AsType[silence](context.Cause(ctx)); ok {
		return silent // says more than the cancellation Collect saw
	}
	return err
}

// silence is the end of an attempt by its watchdog.
type silence struct{ error }

func (s silence) Unwrap() error { return s.error }

// collect turns a panic of the source into an error: foreign bytes must not
// end the other sources. One in a goroutine of the source's own cannot be
// caught.
func (a *attempt) collect(ctx context.Context, from Cursor, want Wanted) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Because(CausePanic, fmt.Errorf("%s: panic: %v (%s)", a.s.Source, p, origin()))
		}
	}()
	return a.s.Collector.Collect(ctx, from, want, a.deliver)
}

// deliver stands between the source and our store, so that an error of the
// store is not mistaken for one of the source, whatever the source makes of
// it.
func (a *attempt) deliver(ctx context.Context, b Batch) error {
	if a.watchdog != nil {
		a.watchdog.Stop() // our store being slow is not the source's silence
	}
	if err := a.store(ctx, b); err != nil {
		if a.damage = ours(ctx, err); a.damage != nil {
			a.cancel(a.damage) // for a source that takes no notice
		}
		return err
	}
	if a.watchdog != nil && ctx.Err() == nil {
		a.watchdog.Reset(a.s.Idle)
	}
	if a.first.IsZero() {
		a.first = time.Now()
	}
	a.s.heard(b)
	return nil
}

func (a *attempt) store(ctx context.Context, b Batch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v (%s)", p, origin())
		}
	}()
	return a.s.Deliver(ctx, b)
}

// ours is the error to stop for, nil when it only says that ctx ended.
func ours(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))) {
		return nil
	}
	return err
}

// origin is the line that panicked; it works in a deferred function only.
func origin() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for panicking := false; ; {
		f, more := frames.Next()
		switch inRuntime := strings.HasPrefix(f.Function, "runtime."); {
		case inRuntime:
			panicking = true
		case panicking:
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "unknown place"
		}
	}
}
