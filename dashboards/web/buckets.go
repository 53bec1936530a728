package web

import (
	"sort"
	"time"

	"confianza/internal/mention"
)

// grain is the width of the chart's bars. Bars follow the reader's calendar:
// a day is a day of the configured zone, 23 or 25 hours long twice a year.
type grain int

const (
	hourly grain = iota
	sixHourly
	daily
	weekly // from Monday
	monthly
)

// fineness is the widest bar that still draws a curve over a stretch of time:
// about 24 to 60 of them.
func fineness(length time.Duration) grain {
	const day = 24 * time.Hour
	switch {
	case length <= 50*time.Hour:
		return hourly
	case length <= 12*day:
		return sixHourly
	case length <= 62*day:
		return daily
	case length <= 420*day:
		return weekly
	}
	return monthly
}

// step is how finely the store is asked, so that no count straddles two bars.
// Weeks and months are made of UTC days: asking for the hours of years would
// cost seconds, to move a few hours' mentions from one week to its neighbour.
func (g grain) step(within mention.Span, zone *time.Location) time.Duration {
	if g >= weekly {
		return 24 * time.Hour
	}
	for _, t := range []time.Time{within.From, within.To} {
		if _, offset := t.In(zone).Zone(); offset%3600 != 0 {
			return 15 * time.Minute // India, Nepal, Newfoundland
		}
	}
	return time.Hour
}

// zone is the calendar the bars follow.
func (g grain) zone(z *time.Location) *time.Location {
	if g >= weekly {
		return time.UTC
	}
	return z
}

// start is the beginning of the bar that t falls into.
func (g grain) start(t time.Time) time.Time {
	y, m, d := t.Date()
	switch g {
	case hourly:
		// Not time.Date: the hour that comes twice in autumn is two bars.
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second -
			time.Duration(t.Nanosecond()))
	case sixHourly:
		return time.Date(y, m, d, t.Hour()/6*6, 0, 0, 0, t.Location())
	case weekly:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
	case monthly:
		return time.Date(y, m, 1, 0, 0, 0, 0, t.Location())
	}
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// next is the beginning of the bar after the one starting at t.
func (g grain) next(t time.Time) time.Time {
	y, m, d := t.Date()
	switch g {
	case hourly:
		return t.Add(time.Hour)
	case sixHourly:
		return time.Date(y, m, d, t.Hour()+6, 0, 0, 0, t.Location())
	case weekly:
		return time.Date(y, m, d+7, 0, 0, 0, 0, t.Location())
	case monthly:
		return time.Date(y, m+1, 1, 0, 0, 0, 0, t.Location())
	}
	return time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
}

// buckets cuts a span into bars; the first and the last are shorter where the
// span does not begin or end with a bar.
func (g grain) buckets(within mention.Span, zone *time.Location) []mention.Span {
	var out []mention.Span
	for from := within.From.In(g.zone(zone)); from.Before(within.To); {
		to := g.next(g.start(from))
		if !to.After(from) {
			to = from.Add(time.Hour) // a midnight that the zone's clock jumps over has no start of its own
		}
		if to.After(within.To) {
			to = within.To.In(from.Location())
		}
		out = append(out, mention.Span{From: from, To: to})
		from = to
	}
	return out
}

// place finds the bucket that t falls into; a count whose bucket in the store
// began before the window belongs to the first.
func place(buckets []mention.Span, t time.Time) int {
	i := sort.Search(len(buckets), func(i int) bool { return buckets[i].To.After(t) })
	return min(i, len(buckets)-1)
}
