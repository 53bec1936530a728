package bluesky

import (
	"context"
	"slices"
	"testing"
	"time"

	"confianza/collectors"
)

// Whatever a cursor says and whatever times an instance's events have, what is
// asked for is a time, nothing is heard backwards, and the next cursor is read
// as it was meant.
func FuzzCursor(f *testing.F) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	f.Add("1772452800000000@jetstream1.us-east.bsky.network", now.UnixMicro(), now.UnixMicro()-5)
	f.Add("1@", int64(1), int64(1))
	f.Add("1772452800000000", int64(1)<<62, int64(7))
	f.Add("99999999999999999999@a@b", now.UnixMicro(), now.Add(time.Hour).UnixMicro())
	f.Fuzz(func(t *testing.T, from string, first, then int64) {
		c := New(Default(), "")
		c.now = func() time.Time { return now }
		at := c.place(collectors.Cursor(from))
		if at.micros <= 0 || at.micros > now.Add(time.Hour).UnixMicro() {
			t.Fatalf("goes on at %+v", at)
		}
		if again := c.place(at.cursor()); !at.fresh && again != at {
			t.Errorf("%+v is kept as %q and read as %+v", at, at.cursor(), again)
		}
		order := c.order(at.host)
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, slices.Sorted(slices.Values(c.c.URLs))) {
			t.Errorf("instances %q", order)
		}
		s := stream{c: c, at: at, host: hostOf(order[0]), deliver: func(_ context.Context, b collectors.Batch) error {
			if b.Until.Before(b.Since) {
				t.Errorf("heard from %v until %v", b.Since, b.Until)
			}
			if next := c.place(b.Next); !next.fresh && next.cursor() != b.Next {
				t.Errorf("%q is read as %+v", b.Next, next)
			}
			return nil
		}}
		for _, host := range []string{at.host, s.host} {
			s.host = host
			if s.from() <= 0 {
				t.Errorf("asks %q for %d", host, s.from())
			}
		}
		s.reset()
		for _, micros := range []int64{first, then} {
			if micros > 0 { // as listen asks
				s.pass(micros)
			}
			if err := s.flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
