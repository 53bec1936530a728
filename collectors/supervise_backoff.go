package collectors

import (
	"errors"
	"math/rand/v2"
	"time"
)

// The waits between attempts, doubling from the first to the last.
var (
	transientWaits = waits{time.Second, 2 * time.Minute}
	rejectedWaits  = waits{time.Minute, 30 * time.Minute}
)

// longest bounds what a source may ask for: one that names next year has its
// clock wrong, or ours is.
const longest = 24 * time.Hour

// backoff counts the failures since the source was last well, by class, so
// that a source changing between them does not start over each time.
type backoff struct{ transient, throttled, rejected int }

// after is the phase and the wait that follow err at the time now.
func (b *backoff) after(err error, now time.Time) (Phase, time.Duration) {
	if t, ok := errors.AsType[*Throttled](err); ok {
		b.throttled++
		// A source that keeps naming a time gone by is asked ever less often.
		floor := transientWaits.nth(b.throttled)
		return ThrottledOut, min(max(t.Until.Sub(now), floor), longest)
	}
	if errors.Is(err, ErrRejected) {
		b.rejected++
		return Rejected, jitter(rejectedWaits.nth(b.rejected))
	}
	b.transient++
	return Waiting, jitter(transientWaits.nth(b.transient))
}

type waits struct{ first, last time.Duration }

// nth is the n-th wait, from 1.
func (w waits) nth(n int) time.Duration {
	d := w.first
	for ; n > 1 && d < w.last; n-- {
		d *= 2
	}
	return min(d, w.last)
}

// jitter spreads d by a fifth to either side, so that those a server turned
// away together do not come back together.
func jitter(d time.Duration) time.Duration {
	return d - d/5 + rand.N(2*d/5+1)
}
