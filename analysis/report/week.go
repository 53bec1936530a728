package report

import (
	"fmt"
	"time"
)

// Week is an ISO 8601 week of a time zone's calendar: it begins on Monday at
// midnight, there, and has 168 hours, or 167 or 169 when the clocks change.
type Week struct {
	Stretch
	Year, Number int // the ISO year may differ from the calendar's around New Year
}

// WeekOf is the week that holds a moment.
func WeekOf(t time.Time, zone *time.Location) Week {
	t = t.In(zone)
	y, m, d := t.Date()
	monday := d - (int(t.Weekday())+6)%7
	w := Week{Stretch: Stretch{midnight(y, m, monday, zone), midnight(y, m, monday+7, zone)}}
	w.Year, w.Number = time.Date(y, m, monday, 12, 0, 0, 0, time.UTC).ISOWeek()
	return w
}

// midnight is when a day begins: at the first moment it has, where clocks go
// forward over midnight. Days before and after a month's may be asked for.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	day := time.Date(y, m, d, 12, 0, 0, 0, time.UTC).Day()
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t.Day() != day { // that midnight does not exist, and t is before it
		_, t = t.ZoneBounds()
	}
	return t
}

// Day is when the day of a date begins.
func Day(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.Date()
	return midnight(y, m, d, zone)
}

// Next is the week after.
func (w Week) Next() Week { return WeekOf(w.To, w.zone()) }

// Before is the week before.
func (w Week) Before() Week { return WeekOf(w.From.Add(-time.Hour), w.zone()) }

func (w Week) zone() *time.Location { return w.From.Location() }

// Name is the week as ISO 8601 writes it: 2026-W53.
func (w Week) Name() string { return fmt.Sprintf("%04d-W%02d", w.Year, w.Number) }

// First and Last are its days, as dates.
func (w Week) First() string { return w.From.Format(time.DateOnly) }
func (w Week) Last() string  { return w.To.Add(-time.Minute).Format(time.DateOnly) }

// Weeks are all that have a moment in a stretch, oldest first.
func Weeks(in Stretch, zone *time.Location) []Week {
	var all []Week
	for w := WeekOf(in.From, zone); w.From.Before(in.To); w = w.Next() {
		all = append(all, w)
	}
	return all
}

// baselineDays is how long before an incident its baseline begins.
const baselineDays = 28

// BaselineOf is what an incident's numbers are set against: the 28 days before
// its own.
func BaselineOf(incident time.Time, zone *time.Location) Stretch {
	y, m, d := incident.In(zone).Date()
	return Stretch{midnight(y, m, d-baselineDays, zone), midnight(y, m, d, zone)}
}
