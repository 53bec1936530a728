package metrics

// Watched says what the detectors last said of a brand: scores, NaN for none
// yet, how far a burst has grown, and which kinds of episode are open.
func (m *Metrics) Watched(brand string, spike, drop, growth float64, open map[string]bool) {
	if m == nil {
		return
	}
	if spike == spike {
		m.spike.WithLabelValues(brand).Set(spike)
	}
	if drop == drop {
		m.drop.WithLabelValues(brand).Set(drop)
	}
	m.growth.WithLabelValues(brand).Set(growth)
	for kind, is := range open {
		m.episode.WithLabelValues(brand, kind).Set(fact(is))
	}
}

// Unwatched forgets what was said of all brands.
func (m *Metrics) Unwatched() {
	if m == nil {
		return
	}
	m.spike.Reset()
	m.drop.Reset()
	m.episode.Reset()
	m.growth.Reset()
}
