package search

import (
	"context"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// Our own clock jumps by a day, and is set right hours later: the site is not
// asked in a loop, is not left alone for longer than two periods, and once the
// clock is right what was published is found.
func TestAskingWhileTheClockJumps(t *testing.T) {
	const long = 12 * time.Hour
	for name, jump := range map[string]time.Duration{"ahead": 24 * time.Hour, "back": -24 * time.Hour} {
		var passed, asked, longest time.Duration // since noon; of the last question; between two
		asks := 0
		meanwhile, last := said("Acme while the clock is wrong", -3*time.Hour), said("Acme at the end", -8*time.Hour)
		b := &box{cap: 15}
		s := b.search()
		s.Every, s.Pace = 10*time.Minute, time.Second
		s.Now = func() time.Time {
			if passed >= 2*time.Hour && passed < 5*time.Hour {
				return noon.Add(passed + jump)
			}
			return noon.Add(passed)
		}
		ctx, cancel := context.WithCancel(t.Context())
		s.Wait = func(_ context.Context, d time.Duration) error {
			if passed += d; passed >= long {
				cancel()
			}
			return ctx.Err()
		}
		ask := s.Ask
		s.Ask = func(ctx context.Context, q Question, in Stretch, names func([]byte) bool) (Answer, error) {
			asks++
			longest = max(longest, passed-asked)
			asked = passed
			if asks > 10_000 {
				cancel()
			}
			b.posts = nil
			for _, p := range []collectors.Post{meanwhile, last} {
				if !p.Created.After(noon.Add(passed)) {
					b.posts = append(b.posts, p)
				}
			}
			return ask(ctx, q, in, names)
		}
		var rec collectortest.Recorder
		s.Collect(ctx, "", wants("Acme"), rec.Deliver)
		cancel()
		// Each period one question, and some to walk through the days that a jump adds.
		if most := int(long/s.Every)*3 + 100; asks > most || longest > 2*s.Every+time.Minute || asks < int(long/s.Every)/2 {
			t.Errorf("%s: %d questions, at most %v apart; every %v was asked for", name, asks, longest, s.Every)
		}
		for _, p := range []collectors.Post{meanwhile, last} {
			if natives(rec.Posts())[p.Native] == 0 {
				t.Errorf("%s: %q never came", name, p.Text)
			}
		}
	}
}
