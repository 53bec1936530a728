package metrics

import "time"

// Ingested counts n mentions scored for the first time. It is also how the
// counter is restored from the store at start.
func (m *Metrics) Ingested(brand, source, language, polarity, kind string, n int64) {
	if m != nil {
		m.ingested.WithLabelValues(brand, source, language, polarity, kind).Add(float64(n))
	}
}

// Source creates a source's series at zero, so that a rate over them never
// misses the first event. states, reasons and causes are the closed sets.
func (m *Metrics) Source(source string, states, reasons, causes []string) {
	if m == nil {
		return
	}
	for _, s := range states {
		m.state.WithLabelValues(source, s)
	}
	for _, r := range reasons {
		m.dropped.WithLabelValues(source, r)
	}
	for _, c := range causes {
		m.failures.WithLabelValues(source, c)
	}
	for _, what := range []string{"erased", "hidden", "restored"} {
		m.removed.WithLabelValues(source, what)
	}
	m.posts.WithLabelValues(source)
	m.matched.WithLabelValues(source)
	m.reconnects.WithLabelValues(source)
	m.spend.WithLabelValues(source)
	m.listening.WithLabelValues(source)
	m.troubles.WithLabelValues(source)
}

// State says which of the states a source is in, and how many of its parts
// (single feeds, files) it cannot reach.
func (m *Metrics) State(source, state string, states []string, troubles int) {
	if m == nil {
		return
	}
	for _, s := range states {
		m.state.WithLabelValues(source, s).Set(fact(s == state))
	}
	m.troubles.WithLabelValues(source).Set(float64(troubles))
}

// Listening says whether a source is at work, and whether that proves that the
// present is heard. It does not of a folder of files, which would hide that
// nothing else is: there only a failure is said, and else nothing.
func (m *Metrics) Listening(source string, works, hears bool) {
	if m == nil {
		return
	}
	if works && !hears {
		m.listening.DeleteLabelValues(source)
		return
	}
	m.listening.WithLabelValues(source).Set(fact(works))
}

// Lag is how far a source's completed time is behind the clock.
func (m *Metrics) Lag(source string, d time.Duration) {
	if m != nil {
		m.lag.WithLabelValues(source).Set(max(0, d.Seconds()))
	}
}

// Posts counts posts examined and posts that named a brand.
func (m *Metrics) Posts(source string, read, matched int) {
	if m != nil {
		m.posts.WithLabelValues(source).Add(float64(read))
		m.matched.WithLabelValues(source).Add(float64(matched))
	}
}

// Dropped counts posts that were not usable.
func (m *Metrics) Dropped(source, reason string, n int) {
	if m != nil && n > 0 {
		m.dropped.WithLabelValues(source, reason).Add(float64(n))
	}
}

// Removed counts posts erased, hidden and restored at their source's word.
func (m *Metrics) Removed(source string, erased, hidden, restored int) {
	if m == nil {
		return
	}
	m.removed.WithLabelValues(source, "erased").Add(float64(erased))
	m.removed.WithLabelValues(source, "hidden").Add(float64(hidden))
	m.removed.WithLabelValues(source, "restored").Add(float64(restored))
}

// Reconnect counts an attempt after the first.
func (m *Metrics) Reconnect(source string) {
	if m != nil {
		m.reconnects.WithLabelValues(source).Inc()
	}
}

// Failed counts an attempt to hear a source that ended with an error.
func (m *Metrics) Failed(source, cause string) {
	if m != nil {
		m.failures.WithLabelValues(source, cause).Inc()
	}
}
