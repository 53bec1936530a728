package metrics

import "time"

// Receiver creates the series of a receiver of remote write at zero.
func (m *Metrics) Receiver(name string) { m.RemoteWrite(name, 0, 0, 0, false) }

// RemoteWrite counts samples that arrived and that were refused for good, and
// mentions from before the receiver's window; failing says whether nothing
// arrives now.
func (m *Metrics) RemoteWrite(receiver string, sent, refused int, skipped int64, failing bool) {
	if m == nil {
		return
	}
	m.samples.WithLabelValues(receiver).Add(float64(sent))
	m.refused.WithLabelValues(receiver).Add(float64(refused))
	m.skipped.WithLabelValues(receiver).Add(float64(skipped))
	m.unsent.WithLabelValues(receiver).Set(fact(failing))
}

// Report says whether a report that is due cannot be written, and when the last
// one was; the zero time for never.
func (m *Metrics) Report(report string, failing bool, last time.Time) {
	if m == nil {
		return
	}
	m.unwritten.WithLabelValues(report).Set(fact(failing))
	seconds := 0.0
	if !last.IsZero() {
		seconds = float64(last.Unix())
	}
	m.written.WithLabelValues(report).Set(seconds)
}
