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

// waitForEnd is a source that hears nothing.
func waitForEnd(ctx context.Context, _ Deliver) error {
	<-ctx.Done()
	return ctx.Err()
}

// runFor supervises for so much made-up time and returns what was told.
func runFor(t *testing.T, d time.Duration, s *Supervisor) (told []Status, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	s.Notify = func(st Status) { told = append(told, st) }
	err = s.Run(ctx, Wanted{})
	return told, err
}

// errs are the different errors told, in order.
func errs(told []Status) (all []string) {
	for _, st := range told {
		if st.Err != "" && (len(all) == 0 || all[len(all)-1] != st.Err) {
			all = append(all, st.Err)
		}
	}
	return all
}

func TestSilenceEndsAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := supervise(waitForEnd)
		s.Idle = time.Minute
		told, err := runFor(t, 70*time.Second, s)
		if err != nil || s.Status().Attempts != 2 {
			t.Errorf("Run returned %v after %d attempts, want a second one after a minute", err, s.Status().Attempts)
		}
		if got, want := fmt.Sprint(errs(told)), "[fake: silent for 1m0s]"; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	})
}

func TestSilenceIsNotDamage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := supervise(func(ctx context.Context, deliver Deliver) error {
			<-ctx.Done() // the watchdog, and only then a batch
			return deliver(ctx, Batch{})
		})
		s.Idle = time.Minute
		s.Deliver = func(ctx context.Context, _ Batch) error { return ctx.Err() }
		if _, err := runFor(t, 70*time.Second, s); err != nil || s.Status().Attempts != 2 {
			t.Errorf("Run returned %v after %d attempts, want it to go on", err, s.Status().Attempts)
		}
	})
}

func TestASlowStoreIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := supervise(func(ctx context.Context, deliver Deliver) error {
			for {
				if err := deliver(ctx, Batch{Since: time.Now(), Until: time.Now()}); err != nil {
					return err
				}
				time.Sleep(time.Second)
			}
		})
		s.Idle = time.Minute
		s.Deliver = func(ctx context.Context, _ Batch) error {
			select {
			case <-time.After(2 * time.Minute):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if told, err := runFor(t, time.Hour, s); err != nil || s.Status().Attempts != 1 {
			t.Errorf("Run returned %v after %d attempts, want one: %q", err, s.Status().Attempts, errs(told))
		}
		// Two minutes a delivery: the batch under way at the end had not yet counted.
		if late := time.Since(s.Status().Heard); late < 2*time.Minute || late > 4*time.Minute+2*time.Second {
			t.Errorf("heard up to %v ago, want what the last durable batch said", late)
		}
	})
}

func TestDamageStopsUsWhateverTheSourceMakesOfIt(t *testing.T) {
	full := errors.New("disk full")
	refuse := func(context.Context, Batch) error { return full }
	tests := []struct {
		name    string
		source  collectFunc
		deliver Deliver
		load    error
		want    string
	}{
		{"the source hides it", func(ctx context.Context, deliver Deliver) error {
			return fmt.Errorf("stream ended: %v", deliver(ctx, Batch{}))
		}, refuse, nil, "fake: disk full"},
		{"the source takes no notice", func(ctx context.Context, deliver Deliver) error {
			deliver(ctx, Batch{})
			return waitForEnd(ctx, nil)
		}, refuse, nil, "fake: disk full"},
		{"the source takes it for the end", func(ctx context.Context, deliver Deliver) error {
			deliver(ctx, Batch{})
			return nil
		}, refuse, nil, "fake: disk full"},
		{"the store panics", func(ctx context.Context, deliver Deliver) error {
			return deliver(ctx, Batch{})
		}, func(context.Context, Batch) error { panic("broken page") }, nil, "fake: panic: broken page (supervise_attempt_test.go:"},
		{"the cursor cannot be read", waitForEnd, refuse, full, "fake: disk full"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := supervise(tt.source)
				s.Deliver = tt.deliver
				s.Load = func(context.Context) (Cursor, error) { return "", tt.load }
				err := s.Run(t.Context(), Wanted{})
				if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
					t.Fatalf("Run returned %v, want %q", err, tt.want)
				}
				if got := s.Status(); got.Phase != Stopped || got.Err != err.Error() || got.Attempts > 1 {
					t.Errorf("status %+v, want stopped with that error and not tried again", got)
				}
			})
		})
	}
}

func TestDamageWhileStoppingIsTold(t *testing.T) {
	full := errors.New("disk full")
	ctx, cancel := context.WithCancel(t.Context())
	s := supervise(func(ctx context.Context, deliver Deliver) error { return deliver(ctx, Batch{}) })
	s.Deliver = func(context.Context, Batch) error {
		cancel()
		return full
	}
	if err := s.Run(ctx, Wanted{}); !errors.Is(err, full) {
		t.Errorf("Run returned %v, want the store's error though its context had ended", err)
	}
}

func TestAPanicNamesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told, _ := runFor(t, time.Second/2, supervise(func(context.Context, Deliver) error {
			var posts []Post
			_ = posts[len(posts)]
			return nil
		}))
		for _, part := range []string{"fake: panic: ", "index out of range", "(supervise_attempt_test.go:"} {
			if got := fmt.Sprint(errs(told)); !strings.Contains(got, part) {
				t.Errorf("told %s, want it to name %q", got, part)
			}
		}
	})
}

func TestEachAttemptGoesOnFromTheDurableCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		durable := Cursor("c")
		var from []Cursor
		c := cursors(func(ctx context.Context, at Cursor, deliver Deliver) error {
			from = append(from, at)
			if len(from) == 3 {
				return waitForEnd(ctx, nil)
			}
			if err := deliver(ctx, Batch{Next: at + "."}); err != nil {
				return err
			}
			return errors.New("closed")
		})
		s := &Supervisor{
			Source: "fake", Collector: c,
			Load: func(context.Context) (Cursor, error) { return durable, nil },
			Deliver: func(_ context.Context, b Batch) error {
				durable = b.Next
				return nil
			},
		}
		if _, err := runFor(t, time.Minute, s); err != nil {
			t.Error(err)
		}
		if got, want := fmt.Sprint(from), "[c c. c..]"; got != want {
			t.Errorf("attempts began from %s, want %s", got, want)
		}
	})
}

type cursors func(ctx context.Context, from Cursor, deliver Deliver) error

func (f cursors) Collect(ctx context.Context, from Cursor, _ Wanted, d Deliver) error {
	return f(ctx, from, d)
}

func TestTroublesComeAndGoWithBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := []Trouble{{CauseMissing, "one of two feeds: 404"}}
		told, _ := runFor(t, time.Minute, supervise(func(ctx context.Context, deliver Deliver) error {
			for _, troubles := range [][]Trouble{nil, one, nil} {
				if err := deliver(ctx, Batch{Troubles: troubles}); err != nil {
					return err
				}
			}
			return waitForEnd(ctx, nil)
		}))
		var got [][]Trouble
		for _, st := range told {
			if st.Phase == Listening {
				got = append(got, st.Troubles)
			}
		}
		if want := fmt.Sprint([][]Trouble{nil, one, nil}); fmt.Sprint(got) != want {
			t.Errorf("told troubles %v, want %s", got, want)
		}
	})
}

func TestThrottlingIsObeyedWithinADay(t *testing.T) {
	tests := []struct {
		name       string
		said, want time.Duration
	}{
		{"for an hour", time.Hour, time.Hour},
		{"into the past", -time.Hour, time.Second},
		{"for a year", 365 * 24 * time.Hour, 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var began []time.Time
				s := supervise(func(context.Context, Deliver) error {
					began = append(began, time.Now())
					return &Throttled{Until: time.Now().Add(tt.said), Cause: errors.New("429")}
				})
				runFor(t, 25*time.Hour, s)
				if got := began[1].Sub(began[0]); got != tt.want {
					t.Errorf("came back after %v, want %v", got, tt.want)
				}
			})
		})
	}
}
