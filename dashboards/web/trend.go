package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"confianza/analysis/report"
	"confianza/analysis/shares"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// trendView is all that the trend's template shows.
type trendView struct {
	L           *locale
	P           period
	S           State
	Now         time.Time
	End         time.Time // of what is shown: now, or the end of the day looked back to
	LastAddress string    // address of the last day with a mention, where the period has none; "" when there is no such day
	Periods     []int
	Polarities  []mention.Polarity
	Within      mention.Span
	Total       tally // opinions of the period

	Incident time.Time    // when its day began; zero without one
	Mark     *float64     // the incident on the axis of time, in percent; nil when it is not in the period
	Before   mention.Span // the baseline's days, the last one included
	Usual    sample       // what was said in them
	Known    int64        // how many of them somebody said anything on
	Week     mention.Span // the days that the sentence is about
	Standing standing
	HeardWas float64 // shares of the baseline and of the week in which any source was listening
	HeardNow float64
	Net      *curve
	Negative *curve
	Volume   *chart
	Ticks    []tick
	Deaf     []band
	Sources  []slice
	Tongues  []slice
	Version  string
}

// slice is what one source or one language has of the period.
type slice struct {
	L     *locale
	Name  string
	Tally tally
	Bar   bar // lying: its parts' X and Width are what counts
}

// trend shows how feeling has moved, against the time before the incident.
func (s *site) trend(w http.ResponseWriter, r *http.Request) {
	l := s.reader(r)
	state := s.o.State()
	p, err := readPeriod(r.URL.Query(), state.Brands, state.Incidents, s.o.Zone)
	if err != nil {
		s.say(w, l, http.StatusBadRequest, err.Error())
		return
	}
	remember(w, p.lang)
	v := &trendView{L: l, P: p, S: state, Now: l.now, End: p.Until.End(l.now), Periods: slices.Sorted(slices.Values(periods)), Polarities: mention.Polarities(),
		Incident: state.Incidents[p.Brand], Version: s.o.Version}
	if err := s.fillTrend(r.Context(), v); err != nil {
		if !errors.Is(err, context.Canceled) {
			s.o.Log.Error("trend not shown", "why", err)
		}
		s.say(w, l, http.StatusInternalServerError, "store")
		return
	}
	s.render(w, l, http.StatusOK, "trend.html", v)
}

// seven days are the week that smooths the curves and that the sentence is about.
const seven = 7

// fillTrend reads everything from one snapshot: the store as it is at one moment.
func (s *site) fillTrend(ctx context.Context, v *trendView) error {
	snap, err := s.o.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	series, err := snap.Series(ctx)
	if err != nil {
		return err
	}
	series = opinionsOf(v.P.Brand, series)
	all := calendar(v.P.Days+seven-1, v.End, s.o.Zone)
	t, err := listenTo(ctx, snap, series, all, seven-1)
	if err != nil {
		return err
	}
	every, err := snap.Heard(ctx)
	if err != nil {
		return err
	}
	unheard, err := snap.Unheard(ctx)
	if err != nil {
		return err
	}
	for source, spans := range every {
		every[source] = unheard.Heard(store.Ear{Brand: v.P.Brand, Source: source}, spans)
	}
	heard := heardByAny(v.S.Sources, every, v.Now)
	if err := s.judgeTrend(ctx, snap, series, v, t.days, heard); err != nil {
		return err
	}
	if v.drawTrend(t, heard); v.Total.Total() > 0 {
		return nil
	}
	last, err := s.o.Store.LatestPage(ctx, store.LatestQuery{Brand: v.P.Brand, Before: v.End, Limit: 1}, store.PagePosts)
	if err == nil && len(last.Mentions) > 0 {
		v.LastAddress = v.P.WithUntil(dayOf(last.Mentions[0].At, s.o.Zone))
	}
	return err
}

// judgeTrend sets the last seven days, or those since the incident when they are
// fewer, against the baseline.
func (s *site) judgeTrend(ctx context.Context, snap *store.Snapshot, series []store.Series, v *trendView, days []day, heard []mention.Span) error {
	switch {
	case v.Incident.IsZero():
		v.Standing.Is = standNone
		return nil
	case !v.Incident.Before(v.Now):
		v.Standing.Is = standAhead
		return nil
	case !v.Incident.Before(v.End):
		v.Standing.Is = standBefore
		return nil
	}
	in := report.BaselineOf(v.Incident, s.o.Zone)
	v.Before = mention.Span{From: in.From, To: in.To}
	before := calendar(27, in.To, s.o.Zone) // the baseline ends with its 28th day
	t, err := listenTo(ctx, snap, series, before, 0)
	if err != nil {
		return err
	}
	v.Usual = together(t.days)
	for _, d := range t.days {
		if d.Total() > 0 {
			v.Known++
		}
	}
	last := days[len(days)-seven:]
	for last[0].From.Before(v.Incident) {
		last = last[1:]
	}
	v.Week = mention.Span{From: last[0].From, To: v.End}
	v.Standing = judge(v.Usual, together(last))
	v.HeardWas, v.HeardNow = share(heard, v.Before), share(heard, v.Week)
	return nil
}

// drawTrend draws what was read; nothing when nothing was said.
func (v *trendView) drawTrend(t talk, heard []mention.Span) {
	days := t.days[seven-1:]
	v.Within = mention.Span{From: days[0].From, To: days[len(days)-1].To}
	v.Total = together(days).tally
	if v.Total.Total() == 0 {
		return
	}
	weeks := make([]sample, len(days))
	buckets := make([]mention.Span, len(days))
	var counts []store.Count
	for i, d := range days {
		weeks[i], buckets[i] = together(t.days[i:i+seven]), d.Span
		for _, p := range mention.Polarities() {
			if n := d.Of(p); n > 0 {
				counts = append(counts, store.Count{At: d.From, Polarity: p, N: n})
			}
		}
	}
	points := axis{-100, 100}
	v.Net = trace(v.L, v.Within, days, weeks, heard, points, func(s sample) shares.Estimate { return times100(s.net()) })
	percents := axis{0, 100}
	v.Negative = trace(v.L, v.Within, days, weeks, heard, percents, func(s sample) shares.Estimate { return times100(s.share()) })
	if v.Usual.Total() >= needBefore && v.Usual.Scored() >= enough {
		v.Net.Usual, v.Net.Baseline = true, percent(points.y(v.Usual.Net()))
		v.Negative.Usual, v.Negative.Baseline = true, percent(percents.y(100*v.Usual.share().Value))
	}
	v.Volume = draw(v.L, daily, v.Within, buckets, counts, heard)
	v.Volume.Ticks = dayTicks(v.L, v.Within, days)
	v.Ticks, v.Deaf = v.Volume.Ticks, v.Volume.Deaf
	if m := across(mention.Span{From: v.Incident, To: v.Incident}, v.Within).X; !v.Incident.IsZero() && m >= 0 && m <= 100 {
		m = percent(m)
		v.Mark = &m
	}
	v.Sources = slicesOf(v.L, t.strands, func(s strand) string { return s.source })
	v.Tongues = slicesOf(v.L, t.strands, func(s strand) string { return s.language })
}

func times100(e shares.Estimate) shares.Estimate {
	return shares.Estimate{Value: 100 * e.Value, Low: 100 * e.Low, High: 100 * e.High}
}

// dayTicks labels Mondays, or the firsts of months where the period is long.
func dayTicks(l *locale, within mention.Span, days []day) []tick {
	var at []time.Time
	long := len(days) > 100
	for _, d := range days {
		if long && d.From.Day() == 1 || !long && d.From.Weekday() == time.Monday {
			at = append(at, d.From)
		}
	}
	if long {
		return spread(within, at, l.Month)
	}
	return spread(within, at, l.Day)
}

// slicesOf adds strands up by a label, the one with most mentions first. Bars
// are as long as their share of the longest.
func slicesOf(l *locale, strands map[strand]*tally, of func(strand) string) []slice {
	sums := map[string]*tally{}
	for key, t := range strands {
		name := of(key)
		if sums[name] == nil {
			sums[name] = &tally{}
		}
		for _, p := range mention.Polarities() {
			sums[name].add(p, t.Of(p))
		}
	}
	var all []slice
	for name, t := range sums {
		all = append(all, slice{L: l, Name: name, Tally: *t})
	}
	slices.SortFunc(all, func(a, b slice) int {
		return cmp.Or(cmp.Compare(b.Tally.Total(), a.Tally.Total()), cmp.Compare(a.Name, b.Name))
	})
	for i := range all {
		all[i].Bar.lie(all[i].Tally, float64(all[0].Tally.Total()))
	}
	return all
}

// lie lays the parts after each other, negative first.
func (b *bar) lie(t tally, longest float64) {
	x := 0.0
	for _, p := range mention.Polarities() {
		w := 100 * float64(t.Of(p)) / longest
		if w > 0 {
			b.Parts = append(b.Parts, part{Polarity: p, X: percent(x), Width: percent(w)})
		}
		x += w
	}
}

// heardByAny is when any source was listening. A source that is listening is
// heard up to now, though it reads in rounds.
func heardByAny(sources []Source, every map[string][]mention.Span, now time.Time) []mention.Span {
	var all []mention.Span
	for _, spans := range every {
		all = append(all, spans...)
	}
	for _, src := range sources {
		all = append(all, upToNow(src, now)...)
	}
	return union(all)
}

// LastDay is the last day of a span of whole days, for words.
func (v *trendView) LastDay(s mention.Span) time.Time { return s.To.Add(-time.Minute) }

// Percent is a share given in percent, in the reader's words.
func (v *trendView) Percent(x float64) string { return v.L.Percent(x / 100) }

// Negative is the share of negatives among the scored.
func (s slice) Negative() float64 { return float64(s.Tally.Negative) / float64(s.Tally.Scored()) }

// Count and Points write a whole number; Points with its sign.
func (v *trendView) Count(n int) string    { return v.L.Int(int64(n)) }
func (v *trendView) Points(n int64) string { return v.L.Signed(float64(n)) }

// MarkAnchor keeps the incident's word on the screen.
func (v *trendView) MarkAnchor() string {
	switch {
	case *v.Mark < 10:
		return "start"
	case *v.Mark > 90:
		return "end"
	}
	return "middle"
}
