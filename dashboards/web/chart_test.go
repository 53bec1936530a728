package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// On the 25 October the hour from two to three comes twice in Madrid, and the
// quarter of the day around it has seven hours; on the 29 March it has five.
func TestHoursAtAChangeOfClocks(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Skip(err)
	}
	ls, err := newLocales(madrid)
	if err != nil {
		t.Fatal(err)
	}
	l := ls.make(languages[1], nil)
	night := time.Date(2026, 10, 25, 0, 0, 0, 0, madrid)
	var labels []string
	for _, b := range hourly.buckets(mention.Span{From: night, To: night.Add(5 * time.Hour)}, madrid) {
		labels = append(labels, strings.TrimPrefix(hourly.label(l, b.From), "25\u00a0oct, "))
	}
	if got, want := strings.Join(labels, " | "), "00:00 | 01:00 | 02:00 CEST | 02:00 CET | 03:00"; got != want {
		t.Errorf("hours %s, want %s", got, want)
	}
	for day, hours := range map[time.Time]float64{night: 7, time.Date(2026, 3, 29, 0, 0, 0, 0, madrid): 5} {
		b := sixHourly.buckets(mention.Span{From: day, To: day.AddDate(0, 0, 1)}, madrid)
		if len(b) != 4 || b[0].To.Sub(b[0].From).Hours() != hours || b[1].From.Hour() != 6 {
			t.Errorf("%v: %d quarters, the first of %v hours; want 4, %v", day, len(b), b[0].To.Sub(b[0].From).Hours(), hours)
		}
	}
}

// Whatever the span, zone and grain: the buckets follow each other without a
// hole from its beginning to its end, and every moment is placed in its own.
func TestBucketsTile(t *testing.T) {
	zones := []string{"UTC", "Europe/Madrid", "Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Skip(err)
		}
		length := time.Duration(rapid.Int64Range(1, 900*24*60).Draw(t, "minutes")) * time.Minute
		from := time.Unix(rapid.Int64Range(1.2e9, 2e9).Draw(t, "from"), 0)
		within := mention.Span{From: from, To: from.Add(length)}
		buckets := fineness(length).buckets(within, zone)
		if len(buckets) > 75 {
			t.Fatalf("%d buckets for %v", len(buckets), length)
		}
		at := within.From
		for i, b := range buckets {
			if !b.From.Equal(at) || !b.To.After(b.From) {
				t.Fatalf("bucket %d is %v to %v, want it to begin at %v", i, b.From, b.To, at)
			}
			if place(buckets, b.From) != i || place(buckets, b.To.Add(-1)) != i {
				t.Fatalf("bucket %d does not hold its own edges", i)
			}
			at = b.To
		}
		if !at.Equal(within.To) {
			t.Fatalf("buckets end at %v, want %v", at, within.To)
		}
	})
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
	heard := []mention.Span{{From: from.Add(-time.Hour), To: from.Add(90 * time.Minute)}, {From: from.Add(3 * time.Hour), To: within.To}}
	c := draw(l, hourly, within, hourly.buckets(within, time.UTC), counts, heard)
	if len(c.Bars) != 4 || c.Scale[0] != "4" || c.Scale[1] != "2" {
		t.Fatalf("%d bars, scale %v; want 4 bars up to 4", len(c.Bars), c.Scale)
	}
	// An hour is a quarter of the width, a sixth of it free: 2.083 + 20.833.
	want := []part{{mention.Negative, 2.083, 25, 20.833, 75}, {mention.Positive, 2.083, 0, 20.833, 25}}
	if got := c.Bars[0].Parts; !slices.Equal(got, want) {
		t.Errorf("parts %+v, want %+v", got, want)
	}
	// From half past one to three of four hours.
	if got, want := c.Deaf, []band{{37.5, 37.5}}; !slices.Equal(got, want) {
		t.Errorf("not listening %+v, want %+v", got, want)
	}
	for i, want := range []float64{1, 0.5, 0, 1} {
		if got := c.Bars[i].Heard; got != want {
			t.Errorf("hour %d was heard %v, want %v", i, got, want)
		}
	}
	if got, want := c.Bars[3].Label, "24\u00a0nov, 03:00"; got != want {
		t.Errorf("label %q, want %q", got, want)
	}
}

// A week from noon to noon has a label at each midnight; a phone shows every
// second one. A day has one every six hours, midnight by its date.
func TestTicks(t *testing.T) {
	ls, err := newLocales(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	l := ls.make(languages[1], nil)
	to := time.Date(2026, 11, 24, 12, 34, 0, 0, time.UTC)
	for length, want := range map[time.Duration]string{
		24 * time.Hour:     "18:00@23 24 nov@48 06:00@73 12:00@98",
		7 * 24 * time.Hour: "18 nov@7 19 nov@21- 20 nov@35 21 nov@50- 22 nov@64 23 nov@78- 24 nov@93",
		// The first Mondays of every second month, from 28 January: 4.5, 67.5, 123.5, 186.5 and 249.5 days on.
		300 * 24 * time.Hour: "feb 2026@1 abr 2026@22- jun 2026@41 ago 2026@62- oct 2026@83",
	} {
		within := mention.Span{From: to.Add(-length), To: to}
		g := fineness(length)
		var got []string
		for _, k := range g.ticks(l, within, g.buckets(within, time.UTC)) {
			mark := fmt.Sprintf("%s@%.0f", strings.ReplaceAll(k.Label, "\u00a0", " "), k.X)
			if k.Less {
				mark += "-"
			}
			got = append(got, mark)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%v: %s, want %s", length, strings.Join(got, " "), want)
		}
	}
}

func TestRoundUp(t *testing.T) {
	for n, want := range map[int64]int64{1: 1, 3: 4, 5: 6, 7: 8, 9: 10, 11: 20, 61: 80, 1001: 2000} {
		if got := roundUp(n); got != want {
			t.Errorf("roundUp(%d) = %d, want %d", n, got, want)
		}
	}
}
