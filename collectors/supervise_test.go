package collectors

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type collectFunc func(ctx context.Context, deliver Deliver) error

func (f collectFunc) Collect(ctx context.Context, _ Cursor, _ Wanted, d Deliver) error {
	return f(ctx, d)
}

func supervise(c collectFunc) *Supervisor {
	return &Supervisor{Source: "fake", Collector: c,
		Load:    func(context.Context) (Cursor, error) { return "", nil },
		Deliver: func(context.Context, Batch) error { return nil }}
}

func TestNoErrorLoopsHot(t *testing.T) {
	tests := []struct {
		name     string
		err      error
		phase    Phase
		min, max int // attempts in a day: by hand, 86,400 s over the longest wait and over 0.8 of it
	}{
		{"transient", errors.New("reset"), Waiting, 720, 1000},
		{"rejected", fmt.Errorf("401: %w", ErrRejected), Rejected, 48, 70},
		{"throttled in the past", &Throttled{Cause: errors.New("429")}, Limited, 720, 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
				defer cancel()
				s := supervise(func(context.Context, Deliver) error { return tt.err })
				phases := map[Phase]bool{}
				s.Notify = func(st Status) { phases[st.Phase] = true }
				if err := s.Run(ctx, Wanted{}); err != nil {
					t.Fatal(err)
				}
				if n := s.Status().Attempts; n < tt.min || n > tt.max {
					t.Errorf("%d attempts in a day, want %d to %d", n, tt.min, tt.max)
				}
				if !phases[tt.phase] || s.Status().Phase != Stopped {
					t.Errorf("phases %v, last %s", phases, s.Status().Phase)
				}
			})
		})
	}
}

func TestOnlyHealthyDataResetsTheWait(t *testing.T) {
	for _, tt := range []struct {
		alive    time.Duration
		min, max int
	}{{0, 30, 45}, {20 * time.Second, 160, 180}} { // an hour of 2 min waits against 20 s up and 1 s down
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			s := supervise(func(ctx context.Context, deliver Deliver) error {
				deliver(ctx, Batch{})
				time.Sleep(tt.alive)
				deliver(ctx, Batch{})
				return errors.New("closed")
			})
			s.Run(ctx, Wanted{})
			if n := s.Status().Attempts; n < tt.min || n > tt.max {
				t.Errorf("alive %s: %d attempts, want %d to %d", tt.alive, n, tt.min, tt.max)
			}
		})
	}
}

func TestOurOwnDamageStopsUs(t *testing.T) {
	s := supervise(func(ctx context.Context, deliver Deliver) error {
		return fmt.Errorf("wrapped: %w", deliver(ctx, Batch{}))
	})
	s.Deliver = func(context.Context, Batch) error { return errors.New("disk full") }
	if err := s.Run(t.Context(), Wanted{}); err == nil || err.Error() != "fake: disk full" {
		t.Errorf("got %v", err)
	}
}

func TestPanicIsRetried(t *testing.T) {
	n := 0
	synctest.Test(t, func(t *testing.T) {
		s := supervise(func(context.Context, Deliver) error {
			if n++; n == 1 {
				panic("boom")
			}
			return nil
		})
		var said string
		s.Notify = func(st Status) {
			if st.Err != "" {
				said = st.Err
			}
		}
		if err := s.Run(t.Context(), Wanted{}); err != nil || s.Status().Phase != Finished || !strings.Contains(said, "panic: boom") {
			t.Errorf("err %v, phase %s, said %q", err, s.Status().Phase, said)
		}
	})
}
