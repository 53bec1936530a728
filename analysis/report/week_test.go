package report

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWeekOf(t *testing.T) {
	const utc, madrid, newYork, mexico = "UTC", "Europe/Madrid", "America/New_York", "America/Mexico_City"
	tests := []struct {
		name, zone, at string
		week, from, to string
		hours          float64
	}{
		{"an ordinary one", utc, "2026-11-24T20:00:00Z", "2026-W48", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", 168},
		{"its first moment", utc, "2026-11-23T00:00:00Z", "2026-W48", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", 168},
		{"the last of the one before", utc, "2026-11-22T23:59:59Z", "2026-W47", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 168},
		{"Monday in Madrid is Sunday in UTC", madrid, "2026-11-22T23:30:00Z", "2026-W48", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z", 168},
		{"the year with 53 weeks goes on in January", utc, "2027-01-03T12:00:00Z", "2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", 168},
		{"December may be the next year's first", utc, "2024-12-30T12:00:00Z", "2025-W01", "2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z", 168},
		{"clocks forward in Madrid", madrid, "2026-03-29T12:00:00Z", "2026-W13", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z", 167},
		{"clocks back in Madrid", madrid, "2026-10-25T12:00:00Z", "2026-W43", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", 169},
		{"clocks forward in New York", newYork, "2026-03-08T12:00:00Z", "2026-W10", "2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z", 167},
		{"clocks back in New York", newYork, "2026-11-01T12:00:00Z", "2026-W44", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z", 169},
		{"no change in Mexico City any more", mexico, "2026-10-25T12:00:00Z", "2026-W43", "2026-10-19T06:00:00Z", "2026-10-26T06:00:00Z", 168},
		{"a zone of half an hour", "Asia/Kolkata", "2026-11-24T20:00:00Z", "2026-W48", "2026-11-22T18:30:00Z", "2026-11-29T18:30:00Z", 168},
		// Samoa had no Friday 30 December 2011: that week has a day less.
		{"a day that never was", "Pacific/Apia", "2011-12-29T00:00:00Z", "2011-W52", "2011-12-26T10:00:00Z", "2012-01-01T10:00:00Z", 144},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		w := WeekOf(at, zone(t, tt.zone))
		from, to := w.From.UTC().Format(time.RFC3339), w.To.UTC().Format(time.RFC3339)
		if w.Name() != tt.week || from != tt.from || to != tt.to || w.To.Sub(w.From).Hours() != tt.hours {
			t.Errorf("%s: got %s from %s to %s, %v hours; want %s from %s to %s, %v", tt.name, w.Name(), from, to, w.To.Sub(w.From).Hours(), tt.week, tt.from, tt.to, tt.hours)
		}
	}
}

// In Santiago clocks go forward at midnight: the day begins at one o'clock.
func TestADayWithoutMidnight(t *testing.T) {
	santiago := zone(t, "America/Santiago")
	got := Day(time.Date(2026, 9, 6, 0, 0, 0, 0, time.UTC), santiago)
	if want := "2026-09-06T01:00:00-03:00"; got.Format(time.RFC3339) != want {
		t.Errorf("got %s, want %s", got.Format(time.RFC3339), want)
	}
}

// Weeks follow each other without a gap, whatever the clocks do, and each
// holds its own beginning.
func TestWeeksFollowEachOther(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Madrid", "America/Santiago", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Gaza"} {
		z := zone(t, name)
		in := Stretch{time.Date(1995, 1, 1, 0, 0, 0, 0, z), time.Date(2040, 1, 1, 0, 0, 0, 0, z)}
		weeks := Weeks(in, z)
		if n := len(weeks); n < 2340 || n > 2350 {
			t.Errorf("%s: %d weeks in 45 years", name, n)
		}
		for i, w := range weeks[1:] {
			if before := weeks[i]; !w.From.Equal(before.To) || w.Before() != before || w.Name() <= before.Name() {
				t.Fatalf("%s: %s ends at %s, %s begins at %s", name, before.Name(), before.To, w.Name(), w.From)
			}
			if WeekOf(w.From, z) != w || WeekOf(w.To.Add(-1), z) != w || w.From.Weekday() != time.Monday {
				t.Fatalf("%s: %s does not hold its own ends, or begins on a %s", name, w.Name(), w.From.Weekday())
			}
		}
	}
}

func TestBaselineOf(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	got := BaselineOf(Day(time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC), madrid), madrid)
	if from, to := got.From.Format(time.RFC3339), got.To.Format(time.RFC3339); from != "2026-10-13T00:00:00+02:00" || to != "2026-11-10T00:00:00+01:00" {
		t.Errorf("got %s to %s", from, to)
	}
}
