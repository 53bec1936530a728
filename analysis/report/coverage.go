package report

import (
	"maps"
	"math"
	"slices"
	"time"
)

// heard is the share of a stretch that a source was heard in.
func (m *Material) heard(source string, in Stretch) float64 {
	var d time.Duration
	for _, s := range m.Heard[source] {
		from, to := s.From, s.To
		if from.Before(in.From) {
			from = in.From
		}
		if to.After(in.To) {
			to = in.To
		}
		d += max(0, to.Sub(from))
	}
	return float64(d) / float64(in.To.Sub(in.From))
}

// expected tells whether a source should have been heard in a stretch: it had
// begun before the stretch ended, and had not been given up before it began.
// One that is to be heard now has not been given up, however long it is deaf.
func (m *Material) expected(source string, in Stretch) bool {
	all := m.Heard[source]
	return len(all) > 0 && all[0].From.Before(in.To) &&
		(slices.Contains(m.Listening, source) || all[len(all)-1].To.After(in.From))
}

// coverage judges a week, and gives the share of it that its least heard source
// was heard; nil when none should have been.
func (m *Material) coverage(in Stretch) (State, *float64) {
	least := 1.0
	for source := range m.Heard {
		if m.expected(source, in) {
			least = min(least, m.heard(source, in))
		}
	}
	covered, shown := m.covered(in), round(least, 4)
	switch {
	case m.Made.Before(in.To) && covered:
		return Running, &shown
	case m.Made.Before(in.To):
		return Running, nil
	case !covered:
		return Unheard, nil
	case least < heardWhole:
		return Gaps, &shown
	}
	return Whole, &shown
}

// covered tells whether any source should have been heard in a stretch.
func (m *Material) covered(in Stretch) bool {
	for source := range m.Heard {
		if m.expected(source, in) {
			return true
		}
	}
	return false
}

// unlike tells whether two stretches were listened to so differently that a
// change between them may be ours. Sources that nobody ever listened to, those
// of imports, do not tell.
func (m *Material) unlike(a, b Stretch) bool {
	for source := range m.Heard {
		if math.Abs(m.heard(source, a)-m.heard(source, b)) > unlikeBy {
			return true
		}
	}
	return false
}

// withHeard adds to each source its share of the week, and the sources that
// should have been heard and have no mention: theirs is a silence that counts.
func (m *Material) withHeard(sources []Part, in Stretch) []Part {
	for _, name := range slices.Sorted(maps.Keys(m.Heard)) {
		if m.expected(name, in) && !slices.ContainsFunc(sources, func(p Part) bool { return p.Name == name }) {
			sources = append(sources, Part{Name: name})
		}
	}
	for i, p := range sources {
		if len(m.Heard[p.Name]) == 0 {
			continue // imports alone
		}
		share := round(m.heard(p.Name, in), 4)
		sources[i].Heard = &share
	}
	return sources
}
