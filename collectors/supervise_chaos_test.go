package collectors

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever fails in whatever order, and whatever time a server names: in no
// hour is a source that is not healthy tried more than 60 times (2 min between
// failures, less a fifth, and the short waits before), nor left alone for more
// than a day.
func TestNoOrderOfFailuresLoopsHot(t *testing.T) {
	for seed := range uint64(50) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			var began []time.Time
			s := supervise(func(ctx context.Context, deliver Deliver) error {
				began = append(began, time.Now())
				if r.IntN(3) == 0 {
					deliver(ctx, Batch{}) // heard for a moment, which is not healthy
				}
				switch r.IntN(4) {
				case 0:
					return fmt.Errorf("401: %w", ErrRejected)
				case 1:
					at := []time.Time{{}, time.Unix(0, 0), time.Now(), time.Now().Add(time.Minute), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
					return &Throttled{Until: at[r.IntN(len(at))], Cause: errors.New("429")}
				case 2:
					panic("odd bytes")
				}
				return errors.New("reset")
			})
			runFor(t, 7*24*time.Hour, s)
			for n, at := range began {
				if n >= 60 && at.Sub(began[n-60]) < time.Hour {
					t.Fatalf("seed %d: 60 attempts within %v", seed, at.Sub(began[n-60]))
				}
				if n > 0 && at.Sub(began[n-1]) > 24*time.Hour {
					t.Fatalf("seed %d: left alone for %v", seed, at.Sub(began[n-1]))
				}
			}
		})
	}
}
