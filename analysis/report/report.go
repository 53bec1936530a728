// Package report turns counts into what a person is handed: the weekly trend of
// each brand, with its intervals, its changes and what must be said of its
// coverage.
//
// It judges and words nothing for a language: a [Weekly] is the same for every
// reader, and is what the JSON of an export holds. Whoever asks the store fills
// a [Material]; whoever writes a file words the rest.
package report

import "time"

// Stretch is a stretch of time, From included, To excluded.
type Stretch struct{ From, To time.Time }

// Count is how many mentions of one source, language and kind there are, by
// polarity.
type Count struct {
	Source, Language, Kind               string
	Negative, Neutral, Positive, Unknown int64
}

// Span is what was counted of a brand in one stretch.
type Span struct {
	Counts   []Count
	Voices   int64   // distinct authors, as far as they are known
	Authored float64 // share of the mentions whose author is known, 0 to 1
}

// Material is what a weekly trend is made of.
type Material struct {
	Made      time.Time
	Zone      *time.Location
	Scorer    string               // version that every count is by
	Listening []string             // sources that are to be heard now
	Heard     map[string][]Stretch // by source, all there ever were, oldest first
	Weeks     []Week               // that follow each other, oldest first
	Brands    []Brand
}

// Brand is a brand's part of a [Material].
type Brand struct {
	Name     string
	Before   Span // the week before the first
	Weeks    []Span
	Incident time.Time            // midnight of its day; zero for none
	Baseline Span                 // of [BaselineOf] the incident
	Said     map[string]Said      // by week, what the last report said of it
	Heard    map[string][]Stretch // by source, what it was heard for this brand; nil for all that the material has
}

// Said is what was said of a week in an earlier report.
type Said struct {
	Scorer   string `json:"scorer"`
	Mentions int64  `json:"mentions"`
	Negative int64  `json:"negative"`
	Neutral  int64  `json:"neutral"`
	Positive int64  `json:"positive"`
}
