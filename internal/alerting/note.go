package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// noteName is what the note of active alerts is called in the store.
const noteName = "alerting"

// active is one alert in the note.
type active struct {
	Labels labels.Labels `json:"labels"`
	Since  float64       `json:"since"` // Unix seconds
	At     int64         `json:"at"`    // when that was so, Unix milliseconds
}

// note keeps since when alerts are active; it writes only what it has not
// written before.
func (m *Memory) note(ctx context.Context, to Notes) error {
	all := []active{}
	m.mu.RLock()
	for _, s := range m.series[forState] {
		if last := s.samples[len(s.samples)-1]; !value.IsStaleNaN(last.v) && !math.IsNaN(last.v) {
			all = append(all, active{s.labels, last.v, last.t})
		}
	}
	m.mu.RUnlock()
	before, err := to.Note(ctx, noteName)
	if err != nil || len(all) == 0 && (len(before) == 0 || string(before) == "[]") {
		return err
	}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return to.SetNote(ctx, noteName, b)
}

// recall takes back what was noted, unless it is known better.
func (m *Memory) recall(ctx context.Context, from Notes) error {
	b, err := from.Note(ctx, noteName)
	if err != nil || len(b) == 0 {
		return err
	}
	var all []active
	if err := json.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("note %s: %w", noteName, err)
	}
	for _, a := range all {
		m.add(a.Labels, a.At, a.Since)
	}
	return nil
}
