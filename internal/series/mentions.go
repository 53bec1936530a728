package series

import (
	"context"

	"confianza/analysis/language"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// mentions are the mentions of each minute of event time: numbers to add up
// over time, not a counter. A minute in which a source was heard and nobody
// spoke is 0; one in which it was not heard, or not for that brand, is absent,
// unless something came later from it.
func mentions() family {
	return family{
		Metric{"confianza_mentions", "Mentions in each minute, at the time they were made; add them up with sum_over_time. " +
			"0 in a quiet minute of a source that was heard for the brand, absent in a minute of a deaf one, and from before the brand was configured.",
			[]string{"brand", "source", "language", "polarity", "kind"}},
		func(_ context.Context, v *view) ([]line, error) {
			var all []line
			for _, s := range v.strands() {
				all = append(all, line{
					labels: name("confianza_mentions", "brand", s.Brand, "source", s.Source, "language", s.Language,
						"polarity", string(s.Polarity), "kind", string(s.Kind)),
					source: s.Source,
					open: func(ctx context.Context, v *view, w window) (values, error) {
						return &spoken{counts: v.counts(ctx, s.ID, w), heard: v.heard(s.Brand, s.Source)}, nil
					},
				})
			}
			return all, nil
		},
	}
}

// spoken are the values of a series of mentions.
type spoken struct {
	*counts
	heard *heard
}

func (s *spoken) at(m int64) (float64, bool) {
	n := s.counts.at(m)
	return float64(n), n > 0 || s.heard.any(m, m+1)
}

func (s *spoken) next(m int64) int64 { return min(s.counts.next(m), s.heard.next(m)) }

func (s *spoken) plan(g grid) { s.grid = g }

func (s *spoken) sum(from, to int64) (float64, bool) {
	n := s.counts.sum(from, to)
	return float64(n), n > 0 || s.heard.any(from, to)
}

func (v *view) counts(ctx context.Context, series int64, w window) *counts {
	return &counts{ctx: ctx, snap: v.snap, series: series, last: floor(w.to, hour)}
}

// strands are the series of the rollups, and those made in advance with ID 0:
// every polarity beside one that was seen, and all of them for a configured
// brand in a source that it was never named in. What was never seen is then 0,
// not absent.
func (v *view) strands() []store.Series {
	all := v.series
	seen := map[store.Series]bool{}
	for _, s := range all {
		s.ID = 0
		seen[s] = true
		if v.sources[s.Source] == nil {
			v.sources[s.Source] = new(heard) // never heard, only brought in
		}
	}
	named := map[[2]string]bool{}
	add := func(s store.Series) {
		s.ID = 0
		named[[2]string{s.Brand, s.Source}] = true
		for _, s.Polarity = range mention.Polarities() {
			if !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
		}
	}
	for _, s := range v.series {
		add(s)
	}
	for _, brand := range v.o.Brands() {
		for source := range v.sources {
			if !named[[2]string{brand, source}] {
				add(store.Series{Brand: brand, Source: source, Language: language.Other, Kind: mention.KindUnknown})
			}
		}
	}
	return all
}
