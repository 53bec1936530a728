package report

import "time"

// Weekly is the weekly trend of some brands. Its JSON is a promise: docs/exports.md
// says what each name means and in which unit.
type Weekly struct {
	Made       time.Time `json:"made"`
	TimeZone   string    `json:"time_zone"`
	Scorer     string    `json:"scorer"`
	Correction string    `json:"correction"` // always "none": shares as the scorer gives them
	Brands     []Trend   `json:"brands"`
}

// Trend is one brand's weeks, oldest first.
type Trend struct {
	Brand      string    `json:"brand"`
	Baseline   *Baseline `json:"baseline"`              // nil when there is none
	NoBaseline Reason    `json:"no_baseline,omitempty"` // why: NoIncident or TooFew
	Weeks      []Line    `json:"weeks"`
}

// Baseline is the time before the incident.
type Baseline struct {
	Incident string  `json:"incident"` // a date
	From     string  `json:"from"`     // dates, both included
	To       string  `json:"to"`
	Weekly   float64 `json:"mentions_a_week"`
	Figures
}

// Line is one week.
type Line struct {
	Week     string   `json:"week"` // 2026-W53
	From     string   `json:"from"` // dates, both included
	To       string   `json:"to"`
	Hours    float64  `json:"hours"` // 168, or 167 or 169 when the clocks change
	State    State    `json:"state"`
	Heard    *float64 `json:"heard"`    // the least of what its sources were heard, share of the week; nil when nobody listened
	Voices   int64    `json:"voices"`   // distinct authors; with Authored below 1 there are more
	Authored float64  `json:"authored"` // share of the mentions whose author is known
	Figures
	OnWeekBefore Change  `json:"on_week_before"`
	OnBaseline   *Change `json:"on_baseline"`  // nil before the incident and without a baseline
	Revised      *Said   `json:"revised_from"` // what the last report said; nil when it said the same, or nothing
	Sources      []Part  `json:"sources"`
	Languages    []Part  `json:"languages"`
	Kinds        []Part  `json:"kinds"`
}

// State is how much of a week its numbers are of.
type State string

// The states. Unheard has mentions from imports alone, and nobody knows
// whether those are all.
const (
	Whole   State = "whole"   // over, and every source heard for 95 % of it or more
	Running State = "running" // not over
	Gaps    State = "gaps"    // over, and a source was heard for less
	Unheard State = "unheard" // over, and nobody was listening
)

// Part is what one source, language or kind has in a week.
type Part struct {
	Name  string   `json:"name"`
	Heard *float64 `json:"heard,omitempty"` // of a source that ever was: share of the week
	Figures
}

// Reason is why a number is not there.
type Reason string

// The reasons.
const (
	NoIncident Reason = "no_incident"      // no date is configured
	TooFew     Reason = "too_few"          // mentions to say anything
	NoneBefore Reason = "none_before"      // nothing was counted in what it is set against
	NotOver    Reason = "not_over"         // the week goes on
	Uncovered  Reason = "unknown_coverage" // mentions of imports alone: nobody knows whether those are all
	Unlike     Reason = "unlike"           // listened to so differently that the change would be ours, not theirs
)

// Change is a week against another time.
type Change struct {
	Mentions *float64  `json:"mentions"`         // relative: 0.25 is a quarter more
	Net      *Interval `json:"net"`              // points
	Unsaid   Reason    `json:"unsaid,omitempty"` // why one of them is nil
}

// Few mentions on either side make a change a matter of one angry post.
const few = 30

// fewBefore opinions before the incident are no baseline.
const fewBefore = 100

// unlikeBy is how much a source's share of two weeks may differ for them to be
// compared; heardWhole how much of a week is heard when it counts as heard.
const unlikeBy, heardWhole = 0.1, 0.95

// New makes the trend.
func New(m Material) Weekly {
	w := Weekly{Made: m.Made.In(m.Zone).Truncate(time.Second), TimeZone: m.Zone.String(), Scorer: m.Scorer, Correction: "none", Brands: []Trend{}}
	for _, b := range m.Brands {
		w.Brands = append(w.Brands, m.trend(b))
	}
	return w
}

func (m *Material) trend(b Brand) Trend {
	if b.Heard != nil {
		own := *m
		own.Heard = b.Heard
		m = &own
	}
	t := Trend{Brand: b.Name, Weeks: []Line{}}
	t.Baseline, t.NoBaseline = m.baseline(b)
	for i, span := range b.Weeks {
		week := m.Weeks[i]
		before, beforeIn := b.Before, week.Before().Stretch
		if i > 0 {
			before, beforeIn = b.Weeks[i-1], m.Weeks[i-1].Stretch
		}
		line, earlier := m.line(week, span), figure(before.Counts)
		line.OnWeekBefore = m.change(line, week.Stretch, earlier, float64(earlier.Mentions), beforeIn)
		if t.Baseline != nil && week.To.After(b.Incident) {
			on := m.change(line, week.Stretch, t.Baseline.Figures, t.Baseline.Weekly, BaselineOf(b.Incident, m.Zone))
			line.OnBaseline = &on
		}
		line.Revised = revised(b.Said, line, m.Scorer)
		t.Weeks = append(t.Weeks, line)
	}
	return t
}

// Trimmed leaves out the first weeks, as long as nobody had begun to listen and
// nothing was counted of any brand.
func (w Weekly) Trimmed() Weekly {
	silent := func(n int) bool {
		for _, t := range w.Brands {
			if l := t.Weeks[n]; l.Mentions > 0 || l.Heard != nil {
				return false
			}
		}
		return true
	}
	n := 0
	for len(w.Brands) > 0 && n < len(w.Brands[0].Weeks) && silent(n) {
		n++
	}
	trimmed := w
	trimmed.Brands = nil
	for _, t := range w.Brands {
		t.Weeks = t.Weeks[n:]
		trimmed.Brands = append(trimmed.Brands, t)
	}
	return trimmed
}

// Empty tells that nothing was counted of any brand.
func (w Weekly) Empty() bool {
	for _, t := range w.Brands {
		for _, l := range t.Weeks {
			if l.Mentions > 0 {
				return false
			}
		}
	}
	return true
}
