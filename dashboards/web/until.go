package web

import (
	"net/url"
	"time"

	"confianza/analysis/report"
)

// until is the day that a reader looks back to, so that past weeks can be seen
// as they were, and imported ones at all. The zero value looks at now.
type until struct {
	Day string    // 2006-01-02, in the configured zone; "" for now
	end time.Time // when that day ends
}

// readUntil takes the day from an address; ok is false for what is no day, or
// one before anything the store can hold.
func readUntil(q url.Values, zone *time.Location) (u until, ok bool) {
	u.Day = q.Get("until")
	if u.Day == "" {
		return u, true
	}
	t, err := time.Parse(time.DateOnly, u.Day)
	if err != nil || t.Before(beginning) {
		return until{}, false
	}
	u.end = report.Day(t.AddDate(0, 0, 1), zone)
	return u, true
}

// dayOf is the day that holds t.
func dayOf(t time.Time, zone *time.Location) until {
	return until{Day: t.In(zone).Format(time.DateOnly)}
}

// Back tells whether the day is over, so that now is not looked at.
func (u until) Back(now time.Time) bool { return u.Day != "" && u.end.Before(now) }

// End is where the reader's windows end: with the day, or now.
func (u until) End(now time.Time) time.Time {
	if u.Back(now) {
		return u.end
	}
	return now
}

// set puts the day into an address.
func (u until) set(q url.Values) {
	if u.Day != "" {
		q.Set("until", u.Day)
	}
}

// lookback is the form that asks for a day, on every view that looks back.
type lookback struct {
	L      *locale
	Action string     // where it leads
	Kept   url.Values // what it keeps of the address
	Day    string     // that is shown; "" for now
	Today  string     // the last one to ask for
	Now    string     // the address of now
}

// Lookback is the form of the first page.
func (v *view) Lookback() lookback {
	now := v.C.WithUntil(until{})
	return lookback{v.L, "/", kept(now), v.C.Until.Day, dayOf(v.Now, v.L.zone).Day, now}
}

// Lookback is the form of the trend.
func (v *trendView) Lookback() lookback {
	now := v.P.WithUntil(until{})
	return lookback{v.L, "/trend", kept(now), v.P.Until.Day, dayOf(v.Now, v.L.zone).Day, now}
}

// kept are the values of one of our own addresses.
func kept(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		return nil // it was written a line before
	}
	return u.Query()
}
