package feeds

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
	"confianza/collectors/fetch"
)

// site answers for feeds within a synctest bubble, whose clock starts at
// midnight of 1 January 2000, and notes when each was asked.
type site struct {
	mu      sync.Mutex
	began   time.Time
	asked   map[string][]time.Duration // since began
	answers map[string]func(n int) (string, error)
}

func newSite() *site {
	return &site{began: time.Now(), asked: map[string][]time.Duration{}, answers: map[string]func(int) (string, error){}}
}

func (s *site) get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	s.mu.Lock()
	n := len(s.asked[r.URL])
	s.asked[r.URL] = append(s.asked[r.URL], time.Since(s.began))
	s.mu.Unlock()
	body, err := s.answers[r.URL](n)
	if err != nil {
		return fetch.Response{}, err
	}
	tag := hash(body)
	return fetch.Response{Body: []byte(body), URL: r.URL, ETag: tag, NotModified: r.ETag == tag}, ctx.Err()
}

// collect runs a collector over the site for some time of the bubble.
func (s *site) collect(t *testing.T, from collectors.Cursor, want collectors.Wanted, long time.Duration, urls ...string) (*collectortest.Recorder, error) {
	t.Helper()
	c := &Collector{c: Config{URLs: urls, Every: 10 * time.Minute}, get: s.get, close: func() {}, now: time.Now}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	if want.Names == nil {
		want.Names = everything
	}
	var rec collectortest.Recorder
	err := c.Collect(ctx, from, want, rec.Deliver)
	return &rec, err
}

func rss(ids ...string) string {
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&b, "<item><title>%s</title><guid>tag:%s</guid></item>", id, id)
	}
	return "<rss><channel>" + b.String() + "</channel></rss>"
}

func always(body string) func(int) (string, error) {
	return func(int) (string, error) { return body, nil }
}

func never(err error) func(int) (string, error) {
	return func(int) (string, error) { return "", err }
}

func minutes(at []time.Duration) []int {
	var m []int
	for _, d := range at {
		m = append(m, int(d/time.Minute))
	}
	return m
}

var (
	errBroken   = errors.New("broken")
	errRejected = fmt.Errorf("401: %w", collectors.ErrRejected)
)

func throttle(wait time.Duration) func(int) (string, error) {
	return func(int) (string, error) {
		return "", &collectors.Throttled{Until: time.Now().Add(wait), Cause: errors.New("429")}
	}
}

func TestEachFeedHasItsOwnPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["well"] = always(rss("1"))
		s.answers["slow"] = func(int) (string, error) { time.Sleep(5 * time.Minute); return rss("2"), nil }
		s.answers["broken"] = never(errBroken)
		s.answers["limited"] = throttle(25 * time.Minute)
		s.answers["rejected"] = never(errRejected)
		_, err := s.collect(t, "", collectors.Wanted{}, 61*time.Minute, "well", "slow", "broken", "limited", "rejected")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		for url, want := range map[string][]int{
			"well": {0, 10, 20, 30, 40, 50, 60}, "slow": {0, 15, 30, 45, 60},
			"broken": {0, 1, 3, 7, 15, 31}, "limited": {0, 25, 50}, "rejected": {0, 30},
		} {
			if got := minutes(s.asked[url]); !slices.Equal(got, want) {
				t.Errorf("%s was asked at minutes %v, want %v", url, got, want)
			}
		}
	})
}

func TestRecoveredFeedIsNoTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["well"] = always(rss("1"))
		s.answers["ill"] = func(n int) (string, error) {
			if n < 3 {
				return "", errBroken
			}
			return rss("2"), nil
		}
		rec, _ := s.collect(t, "", collectors.Wanted{}, 29*time.Minute, "well", "ill")
		var troubles []int
		for _, b := range rec.Batches() {
			troubles = append(troubles, len(b.Troubles))
		}
		// Well or ill may be first at minute 0; ill fails at 0, 1 and 3, and is
		// well at 7 and 17; well is heard at 10 and 20.
		if got := minutes(s.asked["ill"]); !slices.Equal(got, []int{0, 1, 3, 7, 17, 27}) {
			t.Errorf("asked at %v", got)
		}
		if tail := troubles[len(troubles)-5:]; !slices.Equal(tail, []int{0, 0, 0, 0, 0}) || troubles[1] != 1 && troubles[0] != 1 {
			t.Errorf("troubles %v", troubles)
		}
	})
}

func TestAllFailing(t *testing.T) {
	tests := []struct {
		name          string
		first, second func(int) (string, error)
		check         func(error) bool
		batches       int
	}{
		{"one may be retried", never(errRejected), never(errBroken), func(err error) bool { return errors.Is(err, errBroken) }, 0},
		{"both rejected", never(errRejected), never(errRejected), func(err error) bool { return errors.Is(err, collectors.ErrRejected) }, 0},
		{"one limited", never(errRejected), throttle(90 * time.Second), isThrottled(90 * time.Second), 0},
		{"both limited", throttle(time.Minute), throttle(90 * time.Second), isThrottled(time.Minute), 0},
		// The one that asked for more time must get it.
		{"one limited for longer", throttle(time.Hour), throttle(90 * time.Second), isThrottled(90 * time.Second), 1},
		{"one limited, one broken", throttle(time.Hour), never(errBroken), func(err error) bool { return errors.Is(err, errBroken) }, 1},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := newSite()
			s.answers["a"], s.answers["b"] = tt.first, tt.second
			rec, err := s.collect(t, "", collectors.Wanted{}, time.Hour, "a", "b")
			if err == nil || !tt.check(err) || len(rec.Batches()) != tt.batches || time.Since(s.began) > time.Second {
				t.Errorf("%s: got %v and %d batches after %v", tt.name, err, len(rec.Batches()), time.Since(s.began))
			}
			for _, b := range rec.Batches() {
				if len(b.Troubles) != 2 || !b.Until.IsZero() {
					t.Errorf("%s: told %+v", tt.name, b)
				}
			}
		})
	}
}

func isThrottled(wait time.Duration) func(error) bool {
	return func(err error) bool {
		limit, ok := errors.AsType[*collectors.Throttled](err)
		return ok && time.Until(limit.Until).Round(time.Second) == wait
	}
}

// The supervisor calls again after seconds; who asked for an hour is not asked.
func TestRetryAfterOutlivesACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["limited"], s.answers["broken"] = throttle(time.Hour), never(errBroken)
		var from collectors.Cursor
		for range 10 {
			rec, err := s.collect(t, from, collectors.Wanted{}, time.Hour, "limited", "broken")
			if err == nil || err.Error() != "feeds: broken" { // from the network or from the cursor
				t.Errorf("got %v", err)
			}
			if next := rec.Cursor(); next != "" {
				from = next
			}
			time.Sleep(10 * time.Second)
		}
		if got := len(s.asked["limited"]); got != 1 {
			t.Errorf("asked %d times, want once", got)
		}
		if got := len(s.asked["broken"]); got < 2 {
			t.Errorf("the other was asked %d times", got)
		}
	})
}

func TestProcessThatDiesAtOnceDoesNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"] = always(rss("1"))
		var from collectors.Cursor
		for range 16 {
			rec, _ := s.collect(t, from, collectors.Wanted{}, 7*time.Second, "a")
			if next := rec.Cursor(); next != "" {
				from = next
			}
		}
		if got := len(s.asked["a"]); got != 2 {
			t.Errorf("asked %d times in 112 s of restarts, want 2", got)
		}
	})
}

func TestAnotherBrandLooksAtEverythingAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"] = always(rss("delta", "omega"))
		wanted := func(brand string) collectors.Wanted {
			return collectors.Wanted{Queries: []collectors.Query{{Brand: brand}}, Names: func(text []byte) bool { return strings.Contains(string(text), brand) }}
		}
		var from collectors.Cursor
		for i, tt := range []struct {
			brand string
			want  []string
		}{{"delta", []string{"tag:delta"}}, {"delta", nil}, {"omega", []string{"tag:omega"}}, {"omega", nil}, {"delta", nil}} {
			rec, _ := s.collect(t, from, wanted(tt.brand), 2*time.Second, "a")
			var got []string
			for _, p := range rec.Posts() {
				got = append(got, p.Native)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("call %d, %s: got %v, want %v", i, tt.brand, got, tt.want)
			}
			if next := rec.Cursor(); next != "" {
				from = next
			}
		}
	})
}

func TestFeedsNoLongerConfiguredAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"], s.answers["b"] = always(rss("1")), always(rss("2"))
		rec, _ := s.collect(t, "", collectors.Wanted{}, time.Second, "a", "b")
		rec, _ = s.collect(t, rec.Cursor(), collectors.Wanted{}, 2*time.Minute, "b")
		if p := read(rec.Cursor(), time.Now()); len(p.Feeds) != 1 || len(p.Feeds[hash("b")].Items) != 1 {
			t.Errorf("cursor %s", rec.Cursor())
		}
	})
}

func TestCoverage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"] = always(rss("1"))
		s.answers["b"] = func(n int) (string, error) {
			if n == 2 || n == 3 { // at minutes 20 and 21
				return "", errBroken
			}
			return rss("2"), nil
		}
		rec, _ := s.collect(t, "", collectors.Wanted{}, 45*time.Minute, "a", "b")
		type stretch [2]int
		var got []stretch
		for _, b := range rec.Batches() {
			if !b.Until.IsZero() {
				got = append(got, stretch(minutes([]time.Duration{b.Since.Sub(s.began), b.Until.Sub(s.began)})))
			}
		}
		// Nothing is complete before the first poll. b is not heard at 20, and
		// at 23 it still holds what it held at 10: nothing was missed. From then
		// on, with b at 33 and 43 and a at 30 and 40, each poll completes what
		// the other had read.
		if want := []stretch{{0, 10}, {10, 20}, {20, 23}, {23, 30}, {30, 33}, {33, 40}}; !slices.Equal(got, want) {
			t.Errorf("asked b at %v; got %v, want %v", minutes(s.asked["b"]), got, want)
		}
	})
}

func TestDeadFeedDoesNotDeafenTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"] = always(rss("1"))
		s.answers["b"] = func(n int) (string, error) {
			if n > 1 {
				return "", errBroken
			}
			return rss("2"), nil
		}
		s.answers["c"] = func(int) (string, error) { return "", errBroken }
		rec, _ := s.collect(t, "", collectors.Wanted{}, 3*time.Hour, "a", "b", "c")
		batches := rec.Batches()
		last := batches[len(batches)-1]
		if got := last.Until.Sub(s.began); got < 160*time.Minute || len(last.Troubles) != 2 {
			t.Errorf("heard until %v with troubles %q", got, last.Troubles)
		}
	})
}

func TestWhatMayBeMissedIsNotCovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.answers["a"] = func(n int) (string, error) { return rss(fmt.Sprint(n)), nil } // holds one item, always another
		rec, _ := s.collect(t, "", collectors.Wanted{}, 45*time.Minute, "a")
		for i, b := range rec.Batches() {
			if !b.Until.IsZero() {
				t.Errorf("batch %d covers %v to %v", i, b.Since, b.Until)
			}
		}
		if n := len(rec.Posts()); n != 5 {
			t.Errorf("%d posts, want 5", n)
		}
	})
}
