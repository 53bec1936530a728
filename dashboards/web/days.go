package web

import (
	"context"
	"slices"
	"sort"
	"time"

	"confianza/analysis/report"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// day is a day of the configured zone, 23 or 25 hours long twice a year; the
// last one goes on.
type day struct {
	mention.Span
	sample
}

// calendar is n whole days and the one that holds the last moment before to.
func calendar(n int, to time.Time, zone *time.Location) []day {
	y, m, d := to.Add(-1).In(zone).Date()
	days := make([]day, n+1)
	for i := range days {
		// Noon exists everywhere; midnight does not.
		days[i].From = report.Day(time.Date(y, m, d-n+i, 12, 0, 0, 0, time.UTC), zone)
		if i > 0 {
			days[i-1].To = days[i].From
		}
	}
	days[n].To = to.In(zone)
	return days
}

// strand is what one source has in one language.
type strand struct{ source, language string }

// talk is the opinions about a brand, by day, and by strand over all the days
// from first on. What is not known to be news or the brand's own is opinion.
type talk struct {
	days    []day
	strands map[strand]*tally
}

// listenTo reads the days of a brand from one snapshot. first is the index of the
// day that strands count from.
func listenTo(ctx context.Context, v *store.Snapshot, series []store.Series, days []day, first int) (talk, error) {
	t := talk{days, map[strand]*tally{}}
	if len(days) == 0 || !days[len(days)-1].To.After(days[0].From) {
		return t, nil
	}
	hours := make([]map[int64]*tally, len(days))
	for i := range hours {
		hours[i] = map[int64]*tally{}
	}
	for _, s := range series {
		err := eachPart(ctx, v, s.ID, days, func(at, n int64) {
			i := sort.Search(len(days), func(i int) bool { return days[i].To.Unix() > at })
			if i == len(days) || at < days[i].From.Unix() {
				return
			}
			cell := (at - days[i].From.Unix()) / 3600
			if hours[i][cell] == nil {
				hours[i][cell] = &tally{}
			}
			hours[i][cell].add(s.Polarity, n)
			if i < first {
				return
			}
			key := strand{s.Source, s.Language}
			if t.strands[key] == nil {
				t.strands[key] = &tally{}
			}
			t.strands[key].add(s.Polarity, n)
		})
		if err != nil {
			return talk{}, err
		}
	}
	for i := range days {
		for _, one := range hours[i] {
			days[i].sample = days[i].sample.and(hour(*one))
		}
	}
	return t, nil
}

// eachPart gives a series' mentions by the hour, or by the quarter where days
// of the zone do not begin with an hour of UTC: at is Unix time.
func eachPart(ctx context.Context, v *store.Snapshot, series int64, days []day, f func(at, n int64)) error {
	from, to := days[0].From.Unix()/3600, (days[len(days)-1].To.Unix()+3599)/3600
	whole := !slices.ContainsFunc(days, func(d day) bool { return d.From.Unix()%3600 != 0 })
	if whole {
		return v.Sums(ctx, series, from, to, 1, func(hour, total int64) { f(hour*3600, total) })
	}
	var damaged error
	err := v.Hours(ctx, series, from, to-1, func(hour, _ int64, packed []byte) {
		var minutes [60]int64
		if err := store.Unpack(packed, &minutes); err != nil {
			damaged = err
			return
		}
		for q := range int64(4) {
			n := int64(0)
			for _, one := range minutes[15*q : 15*q+15] {
				n += one
			}
			if n > 0 {
				f(hour*3600+900*q, n)
			}
		}
	})
	if err == nil {
		err = damaged
	}
	return err
}

// together joins days.
func together(days []day) (s sample) {
	for _, d := range days {
		s = s.and(d.sample)
	}
	return s
}

// opinionsOf are the series that hold opinions about a brand.
func opinionsOf(brand string, all []store.Series) []store.Series {
	return slices.DeleteFunc(slices.Clone(all), func(s store.Series) bool {
		return s.Brand != brand || s.Kind == mention.News || s.Kind == mention.BrandOwn
	})
}
