package metrics

import "time"

// Pending says how much a stage has before it.
func (m *Metrics) Pending(stage string, n int64) {
	if m != nil {
		m.pending.WithLabelValues(stage).Set(float64(n))
	}
}

// Waited says how long the oldest mention before a stage has been waiting.
func (m *Metrics) Waited(stage string, d time.Duration) {
	if m != nil {
		m.waited.WithLabelValues(stage).Set(d.Seconds())
	}
}

// Stage says how long a stage took for one batch.
func (m *Metrics) Stage(stage string, worked time.Duration) {
	if m != nil {
		m.seconds.WithLabelValues(stage).Observe(worked.Seconds())
	}
}
