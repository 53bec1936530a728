package web

import (
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// The 25 October 2026 has 25 hours in Madrid, the 29 March 23.
func TestDaysFollowTheCalendar(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Skip(err)
	}
	for day, hours := range map[time.Time]float64{
		time.Date(2026, 10, 25, 0, 0, 0, 0, madrid): 25,
		time.Date(2026, 3, 29, 0, 0, 0, 0, madrid):  23,
		time.Date(2026, 5, 1, 0, 0, 0, 0, madrid):   24,
	} {
		b := daily.buckets(mention.Span{From: day.Add(-30 * time.Hour), To: day.AddDate(0, 0, 2)}, madrid)
		for _, s := range b {
			if s.From.Equal(day) && s.To.Sub(s.From).Hours() != hours {
				t.Errorf("%v has %v hours, want %v", day, s.To.Sub(s.From).Hours(), hours)
			}
		}
		if n := len(b); n != 4 {
			t.Errorf("%v: %d days, want 4", day, n)
		}
	}
}

func TestDraw(t *testing.T) {
	ls, err := newLocales(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	l := ls.make(languages[1], nil)
	from := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	within := mention.Span{From: from, To: from.Add(4 * time.Hour)}
	counts := []store.Count{
		{At: from, Polarity: mention.Negative, N: 3}, {At: from, Polarity: mention.Positive, N: 1},
		{At: from.Add(3 * time.Hour), Polarity: mention.Unknown, N: 2},
	}
	c := draw(l, hourly, within, hourly.buckets(within, time.UTC), counts, []mention.Span{{From: from.Add(90 * time.Minute), To: from.Add(3 * time.Hour)}})
	if len(c.Bars) != 4 || c.Scale[0] != "4" || c.Scale[1] != "2" {
		t.Fatalf("%d bars, scale %v; want 4 bars up to 4", len(c.Bars), c.Scale)
	}
	// Three of four units of height, from the ground up; then one more.
	if p := c.Bars[0].Parts; len(p) != 2 || p[0].Y != 25 || p[0].Height != 75 || p[1].Y != 0 || p[1].Height != 25 {
		t.Errorf("parts %+v", p)
	}
	if d := c.Deaf; len(d) != 1 || d[0].X != 15 || d[0].Width != 15 {
		t.Errorf("not listening %+v, want from 15 to 30", d)
	}
	if c.Bars[3].Label != "24\u00a0nov 03:00" {
		t.Errorf("label %q", c.Bars[3].Label)
	}
}

func TestRoundUp(t *testing.T) {
	for n, want := range map[int64]int64{1: 1, 3: 4, 5: 6, 7: 8, 9: 10, 11: 20, 61: 80, 1001: 2000} {
		if got := roundUp(n); got != want {
			t.Errorf("roundUp(%d) = %d, want %d", n, got, want)
		}
	}
}
