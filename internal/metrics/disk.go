package metrics

// Room says what the store takes, and what is free of how much on its disk, in
// bytes.
func (m *Metrics) Room(size, free, disk int64) {
	if m == nil {
		return
	}
	m.storeSize.Set(float64(size))
	m.diskFree.Set(float64(free))
	m.diskSize.Set(float64(disk))
}

// Blocked says for which of the reasons nothing can be stored; "" means for
// none.
func (m *Metrics) Blocked(reason string, reasons []string) {
	if m == nil {
		return
	}
	for _, r := range reasons {
		m.blocked.WithLabelValues(r).Set(fact(r == reason))
	}
}

// ClockDoubted says whether the clock jumped, so that what is erased by it
// waits.
func (m *Metrics) ClockDoubted(doubted bool) {
	if m != nil {
		m.doubted.Set(fact(doubted))
	}
}
