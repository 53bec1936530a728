// Package trials puts the detectors on trial: on the series of a public
// benchmark, and on made-up talk of which is known when something happened.
//
// It promises that the same trial gives the same figures, and that rivals are
// tried on the same talk. It finds nothing itself: what it tries are the
// packages of analysis, as they run in the daemon. What it measures is in
// docs/detection.md.
package trials

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// Table is what a trial writes for a person.
type Table interface{ Table(w io.Writer) error }

// Write writes a trial's outcome as text or as JSON.
func Write(w io.Writer, format string, t Table) error {
	if format != "json" {
		return t.Table(w)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(t)
}

// Delays are how long detections took: minutes, infinite for what was missed.
type Delays []float64

// Within is the share found within so many minutes, 0 of none.
func (d Delays) Within(minutes float64) float64 {
	if len(d) == 0 {
		return 0
	}
	n := 0
	for _, x := range d {
		if x <= minutes {
			n++
		}
	}
	return float64(n) / float64(len(d))
}

// Median is the middle one, infinite when half were missed or none was tried.
func (d Delays) Median() float64 {
	if len(d) == 0 {
		return math.Inf(1)
	}
	s := slices.Clone(d)
	slices.Sort(s)
	return s[len(s)/2]
}

// MarshalJSON writes the median, null when it is infinite, and how many were
// found within 15, 30 and 60 minutes.
func (d Delays) MarshalJSON() ([]byte, error) {
	var median *float64
	if m := d.Median(); !math.IsInf(m, 1) {
		median = &m
	}
	return json.Marshal(map[string]any{"events": len(d), "median_minutes": median,
		"within_15": d.Within(15), "within_30": d.Within(30), "within_60": d.Within(60)})
}

// String is the median and the shares within 15, 30 and 60 minutes in percent.
func (d Delays) String() string {
	if len(d) == 0 {
		return "–"
	}
	median := "–"
	if m := d.Median(); !math.IsInf(m, 1) {
		median = strconv.Itoa(int(math.Round(m)))
	}
	return fmt.Sprintf("%s  %3.0f/%3.0f/%3.0f", median, 100*d.Within(15), 100*d.Within(30), 100*d.Within(60))
}
