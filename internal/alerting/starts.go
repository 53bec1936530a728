package alerting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
)

// startSeries tells when the process began. A Prometheus that scrapes us sees
// it change with each restart; a memory that ends with the process would not.
const startSeries = "process_start_time_seconds"

// startsName is what the note of earlier starts is called in the store.
const startsName = "alerting starts"

// mostStarts bounds the note: a process that cannot stay up starts often.
const mostStarts = 1000

// begun is one start of a process in the note.
type begun struct {
	Labels labels.Labels `json:"labels"`
	Start  float64       `json:"start"` // Unix seconds
	At     int64         `json:"at"`    // when it was first seen, Unix milliseconds
}

// noteStarts keeps when processes began, as far back as a rule looks.
func (m *Memory) noteStarts(ctx context.Context, to Notes, now time.Time) error {
	var all []begun
	m.mu.RLock()
	since := now.Add(-max(m.keep[startSeries], time.Hour)).UnixMilli()
	for _, s := range m.series[startSeries] {
		for i, one := range s.samples {
			if one.t >= since && (i == 0 || s.samples[i-1].v != one.v) {
				all = append(all, begun{s.labels, one.v, one.t})
			}
		}
	}
	m.mu.RUnlock()
	b, err := json.Marshal(all[max(0, len(all)-mostStarts):])
	if err != nil {
		return err
	}
	return to.SetNote(ctx, startsName, b)
}

// recallStarts takes back what was noted, before anything is known of this
// process.
func (m *Memory) recallStarts(ctx context.Context, from Notes) error {
	b, err := from.Note(ctx, startsName)
	if err != nil || len(b) == 0 {
		return err
	}
	var all []begun
	if err := json.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("note %s: %w", startsName, err)
	}
	for _, s := range all {
		m.add(s.Labels, s.At, s.Start)
	}
	return nil
}
