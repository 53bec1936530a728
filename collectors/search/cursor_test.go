package search

import (
	"testing"
	"time"

	"confianza/collectors"
)

// Whatever a cursor says, a question goes on at a sound place: its stretch is
// one, ends before the present, and is not older than the site looks back.
func FuzzCursor(f *testing.F) {
	q := Question{Brand: "Acme", Text: "acme"}
	f.Add(`{"asked":{"` + key(q) + `":[1767225600,1767312000]}}`)
	f.Add(`{"asked":{"` + key(q) + `":[9223372036854775807,-9223372036854775808]}}`)
	f.Add(`{"asked":{"` + key(q) + `":[1,1e3]}}`)
	now := time.Date(2026, 3, 2, 12, 0, 0, 5, time.UTC)
	f.Fuzz(func(t *testing.T, from string) {
		for _, s := range []*Search{
			{Site: Site{Settle: time.Hour, Widest: time.Hour}, Past: 24 * time.Hour},
			{Site: Site{Reach: 90 * 24 * time.Hour, Settle: time.Hour, Widest: time.Hour}, Past: 24 * time.Hour},
		} {
			th := s.thread(q, read(collectors.Cursor(from)), now)
			if th.done.Before(th.since) || th.done.After(s.settled(now)) || !th.at.Equal(th.done) {
				t.Errorf("since %v, done %v, at %v", th.since, th.done, th.at)
			}
			if s.Reach > 0 && th.done.Before(now.Add(-s.Reach).Truncate(time.Second)) {
				t.Errorf("goes on at %v, before the site looks back", th.done)
			}
		}
	})
}
