package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"confianza/analysis/report"
	"confianza/internal/export"
)

// weeklyNote is what the store keeps of the last weekly report: which week it
// was of, and what it said of each.
const weeklyNote = "weekly"

// written is the note.
type written struct {
	Week string                            `json:"week"` // the last full week of the report
	At   time.Time                         `json:"at"`
	Said map[string]map[string]report.Said `json:"said"` // by brand and week
}

// exported is what exports read of a store.
type exported interface {
	export.Store
	Note(ctx context.Context, name string) ([]byte, error)
}

// lastReport reads the note; the zero value when there is none.
func lastReport(ctx context.Context, s exported) (w written, err error) {
	b, err := s.Note(ctx, weeklyNote)
	if err != nil || b == nil {
		return w, err
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return w, fmt.Errorf("note of the last weekly report: %w", err)
	}
	return w, nil
}

// noteOf is the note of a trend that was written.
func noteOf(week string, w report.Weekly) written {
	n := written{Week: week, At: w.Made, Said: map[string]map[string]report.Said{}}
	for _, t := range w.Brands {
		said := map[string]report.Said{}
		for _, l := range t.Weeks {
			said[l.Week] = report.SayOf(l, w.Scorer)
		}
		n.Said[t.Brand] = said
	}
	return n
}
