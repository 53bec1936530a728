package report

import "time"

// Due is the week to report on at a moment, when reports are made on one day of
// the week at a time of the clock: the last that was over when the latest such
// moment came. A time that the clocks skip is the next there is.
func Due(now time.Time, day time.Weekday, hour, minute int, zone *time.Location) Week {
	y, m, d := now.In(zone).Date()
	back := (int(now.In(zone).Weekday()) - int(day) + 7) % 7
	moment := time.Date(y, m, d-back, hour, minute, 0, 0, zone)
	if moment.After(now) {
		moment = time.Date(y, m, d-back-7, hour, minute, 0, 0, zone)
	}
	return WeekOf(moment, zone).Before()
}
