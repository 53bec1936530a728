package web

import (
	"time"

	"confianza/internal/mention"
)

// most is how many labels fit under a chart on a wide screen; a phone leaves
// out every second one.
const most = 8

// tick is a labelled moment on the axis of time.
type tick struct {
	X      float64 // percent from the left
	Label  string
	Anchor string // of the text: start, middle or end; words stay on the screen
	Less   bool   // left out on narrow screens
}

// ticks marks the buckets that begin something people count by: a quarter of
// a day, a day, a week, a month, a year.
func (g grain) ticks(l *locale, within mention.Span, buckets []mention.Span) []tick {
	var at []time.Time
	for i, b := range buckets {
		if g.start(b.From).Equal(b.From) && g.turn(b.From, i > 0 && buckets[i-1].From.Month() != b.From.Month()) {
			at = append(at, b.From)
		}
	}
	if len(at) == 0 {
		at = append(at, buckets[0].From)
	}
	return spread(within, at, func(t time.Time) string { return g.short(l, t) })
}

// spread labels moments, no more than fit.
func spread(within mention.Span, at []time.Time, label func(time.Time) string) []tick {
	every := (len(at) + most - 1) / most
	var all []tick
	for i := 0; i < len(at); i += every {
		t := tick{X: percent(across(mention.Span{From: at[i], To: at[i]}, within).X), Label: label(at[i]), Anchor: "middle"}
		t.Less = len(at)/every > 4 && len(all)%2 == 1
		switch {
		case t.X < 4:
			t.Anchor = "start"
		case t.X > 96:
			t.Anchor = "end"
		}
		all = append(all, t)
	}
	return all
}

// turn tells whether a bar that begins at t deserves a label.
func (g grain) turn(t time.Time, newMonth bool) bool {
	switch g {
	case hourly:
		return t.Hour()%6 == 0
	case sixHourly:
		return t.Hour() == 0
	case daily:
		return t.Weekday() == time.Monday
	case weekly:
		return newMonth
	}
	return t.Month() == time.January || t.Month() == time.July
}

// short is a tick's label.
func (g grain) short(l *locale, t time.Time) string {
	switch {
	case g == hourly && t.Hour() != 0:
		return t.Format("15:04")
	case g == weekly, g == monthly:
		return l.Month(t)
	}
	return l.Day(t)
}
