package web

import (
	"slices"
	"time"

	"confianza/internal/mention"
)

// union joins overlapping and touching spans; the result is sorted.
func union(spans []mention.Span) []mention.Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s mention.Span) bool { return !s.To.After(s.From) })
	slices.SortFunc(spans, func(a, b mention.Span) int { return a.From.Compare(b.From) })
	var out []mention.Span
	for _, s := range spans {
		if n := len(out); n > 0 && !s.From.After(out[n-1].To) {
			if s.To.After(out[n-1].To) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// clip keeps what of sorted, disjoint spans lies within.
func clip(spans []mention.Span, within mention.Span) []mention.Span {
	var out []mention.Span
	for _, s := range spans {
		if s.From.Before(within.From) {
			s.From = within.From
		}
		if s.To.After(within.To) {
			s.To = within.To
		}
		if s.To.After(s.From) {
			out = append(out, s)
		}
	}
	return out
}

// gaps is what sorted, disjoint spans leave free within.
func gaps(spans []mention.Span, within mention.Span) []mention.Span {
	var out []mention.Span
	from := within.From
	for _, s := range clip(spans, within) {
		if s.From.After(from) {
			out = append(out, mention.Span{From: from, To: s.From})
		}
		from = s.To
	}
	if within.To.After(from) {
		out = append(out, mention.Span{From: from, To: within.To})
	}
	return out
}

// share is how much of within sorted, disjoint spans cover, 0 to 1; 0 when
// within is empty.
func share(spans []mention.Span, within mention.Span) float64 {
	whole := within.To.Sub(within.From)
	if whole <= 0 {
		return 0
	}
	var covered time.Duration
	for _, s := range clip(spans, within) {
		covered += s.To.Sub(s.From)
	}
	return float64(covered) / float64(whole)
}
