package export

import (
	"context"
	"time"

	"confianza/analysis/report"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// Ask is what a weekly trend is asked of.
type Ask struct {
	Made      time.Time
	Zone      *time.Location
	Weeks     []report.Week // that follow each other, oldest first
	Brands    []Brand
	Sources   []string // all that may ever have been heard
	Listening []string // those to be heard now
}

// Brand is a brand to report on.
type Brand struct {
	Name     string
	Incident time.Time              // the beginning of its day; zero for none
	Said     map[string]report.Said // by week, what the last report said
}

// beginning is before anything the store can hold.
var beginning = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

// Gather asks the store for all that a trend needs, of one scorer's version.
func Gather(ctx context.Context, s Store, a Ask) (report.Material, error) {
	m := report.Material{Made: a.Made, Zone: a.Zone, Weeks: a.Weeks, Listening: a.Listening}
	var err error
	if m.Scorer, err = s.Shown(ctx); err != nil {
		return m, err
	}
	unheard, err := s.Unheard(ctx)
	if err != nil {
		return m, err
	}
	heard := map[string][]mention.Span{}
	for _, source := range a.Sources {
		spans, err := s.Heard(ctx, source, mention.Span{From: beginning, To: a.Made})
		if err != nil {
			return m, err
		}
		heard[source] = spans
	}
	m.Heard = stretches(heard, func(_ string, spans []mention.Span) []mention.Span { return spans })
	for _, b := range a.Brands {
		g := gathering{s, b.Name, m.Scorer}
		one, err := g.brand(ctx, b, a)
		if err != nil {
			return m, err
		}
		one.Heard = stretches(heard, func(source string, spans []mention.Span) []mention.Span {
			return unheard.Heard(store.Ear{Brand: b.Name, Source: source}, spans)
		})
		m.Brands = append(m.Brands, one)
	}
	return m, nil
}

// stretches gives by source what of was heard counts.
func stretches(heard map[string][]mention.Span, counts func(source string, spans []mention.Span) []mention.Span) map[string][]report.Stretch {
	all := map[string][]report.Stretch{}
	for source, spans := range heard {
		for _, span := range counts(source, spans) {
			all[source] = append(all[source], report.Stretch(span))
		}
	}
	return all
}

type gathering struct {
	s            Store
	name, scorer string
}

func (g gathering) brand(ctx context.Context, b Brand, a Ask) (one report.Brand, err error) {
	one = report.Brand{Name: b.Name, Incident: b.Incident, Said: b.Said}
	for _, w := range a.Weeks {
		span, err := g.week(ctx, w.Stretch)
		if err != nil {
			return one, err
		}
		one.Weeks = append(one.Weeks, span)
	}
	if len(a.Weeks) > 0 {
		if one.Before, err = g.span(ctx, a.Weeks[0].Before().Stretch); err != nil {
			return one, err
		}
	}
	if !b.Incident.IsZero() {
		one.Baseline, err = g.span(ctx, report.BaselineOf(b.Incident, a.Zone))
	}
	return one, err
}

// span counts by source, language and kind.
func (g gathering) span(ctx context.Context, in report.Stretch) (report.Span, error) {
	sums, err := g.s.Sums(ctx, store.CountQuery{Brands: []string{g.name}, Scorer: g.scorer, Span: mention.Span(in)})
	if err != nil {
		return report.Span{}, err
	}
	type labels struct{ source, language, kind string }
	at := map[labels]int{}
	var s report.Span
	for _, c := range sums {
		k := labels{c.Source, c.Language, string(c.Kind)}
		i, known := at[k]
		if !known {
			i, at[k] = len(s.Counts), len(s.Counts)
			s.Counts = append(s.Counts, report.Count{Source: c.Source, Language: c.Language, Kind: string(c.Kind)})
		}
		add(&s.Counts[i], c.Polarity, c.N)
	}
	return s, nil
}

func add(c *report.Count, p mention.Polarity, n int64) {
	switch p {
	case mention.Negative:
		c.Negative += n
	case mention.Neutral:
		c.Neutral += n
	case mention.Positive:
		c.Positive += n
	default:
		c.Unknown += n
	}
}

// week is a span with its voices.
func (g gathering) week(ctx context.Context, in report.Stretch) (report.Span, error) {
	s, err := g.span(ctx, in)
	if err != nil {
		return s, err
	}
	v, err := g.s.Voices(ctx, g.name, mention.Span(in))
	if err != nil {
		return s, err
	}
	if s.Voices = v.Authors; v.Mentions > 0 {
		s.Authored = 1 - float64(v.Anonymous)/float64(v.Mentions)
	}
	return s, nil
}
