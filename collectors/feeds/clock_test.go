package feeds

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// Our own clock jumps by a day, between two polls or while we wait for one, and
// is set right hours later: no feed is asked in a loop, and none is left alone
// for longer than its plan, and one period more, says.
func TestPlansWhileTheClockJumps(t *testing.T) {
	for name, jump := range map[string]time.Duration{"ahead": 24 * time.Hour, "back": -24 * time.Hour} {
		for _, at := range []time.Duration{30 * time.Minute, 34*time.Minute + time.Second} {
			t.Run(fmt.Sprintf("%s at %v", name, at), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newSite()
					s.answers["well"] = func(n int) (string, error) { return rss(fmt.Sprint(n)), nil }
					s.answers["broken"] = never(errBroken)
					s.answers["rejected"] = never(errRejected)
					var off atomic.Int64
					for after, by := range map[time.Duration]time.Duration{at: jump, at + 3*time.Hour: 0} {
						defer time.AfterFunc(after, func() { off.Store(int64(by)) }).Stop()
					}
					c := &Collector{c: Config{URLs: []string{"well", "broken", "rejected"}, Every: 10 * time.Minute}, get: s.get, close: func() {}}
					c.now = func() time.Time { return time.Now().Round(0).Add(time.Duration(off.Load())) } // a clock on the wall only
					ctx, cancel := context.WithTimeout(t.Context(), 12*time.Hour-30*time.Second)           // no poll is due at its end
					defer cancel()
					var rec collectortest.Recorder
					c.Collect(ctx, "", collectors.Wanted{Names: everything}, rec.Deliver)
					// By hand: 72 polls of 10 min in 12 h; after an hour of doublings one an hour; one in 6 h; each of the
					// two jumps may add one, and begin a row of failures anew.
					for url, want := range map[string]struct {
						least, most int
						gap         time.Duration
					}{"well": {70, 76, 20 * time.Minute}, "broken": {12, 26, 70 * time.Minute}, "rejected": {3, 9, 6*time.Hour + 10*time.Minute}} {
						asked := s.asked[url]
						longest := 12*time.Hour - asked[len(asked)-1]
						for i := range asked[1:] {
							longest = max(longest, asked[i+1]-asked[i])
						}
						if n := len(asked); n < want.least || n > want.most || longest > want.gap {
							t.Errorf("%s: asked %d times, want %d to %d; left alone for %v, want %v", url, n, want.least, want.most, longest, want.gap)
						}
					}
					if n := len(rec.Posts()); n != len(s.asked["well"]) {
						t.Errorf("%d posts of %d came", n, len(s.asked["well"]))
					}
				})
			})
		}
	}
}

// A cursor of a clock that was a year ahead silences a feed for no longer than
// its failure could have.
func TestCursorOfAWrongClock(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for class, want := range map[class]time.Duration{failed: time.Hour, rejected: 6 * time.Hour, throttled: 24 * time.Hour} {
		written := place{Feeds: map[string]state{"a": {Fail: &failure{Why: "x", Class: class, Times: 1, After: now.AddDate(1, 0, 0)}}}}
		got := read(written.cursor(), now).Feeds["a"].Fail.After.Sub(now)
		if got != want {
			t.Errorf("%q: waits %v, want %v", class, got, want)
		}
	}
}
