package report

import (
	"cmp"
	"slices"
	"strings"

	"confianza/analysis/shares"
)

// line is a week by itself, without its changes.
func (m *Material) line(w Week, s Span) Line {
	l := Line{Week: w.Name(), From: w.First(), To: w.Last(), Hours: w.To.Sub(w.From).Hours(),
		Voices: s.Voices, Authored: round(s.Authored, 4), Figures: figure(s.Counts)}
	l.State, l.Heard = m.coverage(w.Stretch)
	l.Sources = parts(s.Counts, func(c Count) string { return c.Source })
	l.Sources = m.withHeard(l.Sources, w.Stretch)
	l.Languages = parts(s.Counts, func(c Count) string { return c.Language })
	l.Kinds = parts(s.Counts, func(c Count) string { return c.Kind })
	return l
}

// parts splits counts by a label, the part with most mentions first.
func parts(counts []Count, of func(Count) string) []Part {
	split := map[string][]Count{}
	for _, c := range counts {
		split[of(c)] = append(split[of(c)], c)
	}
	all := []Part{}
	for name, counts := range split {
		all = append(all, Part{Name: name, Figures: figure(counts)})
	}
	slices.SortFunc(all, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), strings.Compare(a.Name, b.Name))
	})
	return all
}

// baseline is a brand's time before its incident, or why there is none.
func (m *Material) baseline(b Brand) (*Baseline, Reason) {
	if b.Incident.IsZero() {
		return nil, NoIncident
	}
	var opinions []Count
	for _, c := range b.Baseline.Counts {
		if c.Kind != "news" && c.Kind != "brand_own" { // until kinds are told apart, everything may be opinion
			opinions = append(opinions, c)
		}
	}
	if figure(opinions).Mentions < fewBefore {
		return nil, TooFew
	}
	w := Week{Stretch: BaselineOf(b.Incident, m.Zone)}
	f := figure(b.Baseline.Counts)
	return &Baseline{Incident: b.Incident.Format("2006-01-02"), From: w.First(), To: w.Last(),
		Weekly: round(float64(f.Mentions)*7/baselineDays, 1), Figures: f}, ""
}

// change sets a week against figures of another time, whose mentions a week
// are weekly.
func (m *Material) change(l Line, in Stretch, other Figures, weekly float64, otherIn Stretch) Change {
	switch {
	case other.Mentions == 0:
		return Change{Unsaid: NoneBefore}
	case l.State == Running:
		return Change{Unsaid: NotOver}
	case m.unlike(in, otherIn):
		return Change{Unsaid: Unlike}
	}
	var c Change
	covered := l.Heard != nil || m.covered(otherIn)
	if covered && l.Mentions >= few && weekly >= few {
		by := round(float64(l.Mentions)/weekly-1, 4)
		c.Mentions = &by
	}
	if l.scored() >= few && other.scored() >= few {
		net := interval(shares.Difference(l.net(), other.net()), 100, 2)
		c.Net = &net
	}
	switch {
	case !covered:
		c.Unsaid = Uncovered
	case c.Mentions == nil || c.Net == nil:
		c.Unsaid = TooFew
	}
	return c
}

// revised is what was said of a week, when that was something else.
func revised(said map[string]Said, l Line, scorer string) *Said {
	was, ok := said[l.Week]
	if !ok || was == SayOf(l, scorer) {
		return nil
	}
	return &was
}

// SayOf is what the next report may want to know of a week.
func SayOf(l Line, scorer string) Said {
	return Said{Scorer: scorer, Mentions: l.Mentions, Negative: l.Negative, Neutral: l.Neutral, Positive: l.Positive}
}
