package metrics

import "strconv"

// Alerts says how many alerts of our own evaluation are in which state, and how
// many rules could not be evaluated.
func (m *Metrics) Alerts(firing, pending, broken int) {
	if m == nil {
		return
	}
	m.alerts.WithLabelValues("firing").Set(float64(firing))
	m.alerts.WithLabelValues("pending").Set(float64(pending))
	m.broken.Set(float64(broken))
}

// Told counts alerts that an Alertmanager has taken.
func (m *Metrics) Told(alertmanager string, alerts int) {
	if m != nil {
		m.told.WithLabelValues(alertmanager).Add(float64(alerts))
	}
}

// Alertmanager says how telling one goes: how many alerts wait, and whether it
// does not answer.
func (m *Metrics) Alertmanager(name string, waiting int, failing bool) {
	if m == nil {
		return
	}
	m.toTell.WithLabelValues(name).Set(float64(waiting))
	m.untold.WithLabelValues(name).Set(fact(failing))
}

// Messages counts messages that a channel has taken, at one of its addresses
// where it has several; 0 is a channel with one.
func (m *Metrics) Messages(channel string, address, n int) {
	if m != nil {
		m.messages.WithLabelValues(channel, position(address)).Add(float64(n))
	}
}

// Channel says how telling people goes: how many changes wait, and whether the
// channel takes none. address is as for [Metrics.Messages].
func (m *Metrics) Channel(name string, address, waiting int, failing bool) {
	if m == nil {
		return
	}
	m.unheard.WithLabelValues(name, position(address)).Set(float64(waiting))
	m.mute.WithLabelValues(name, position(address)).Set(fact(failing))
}

func position(address int) string {
	if address == 0 {
		return ""
	}
	return strconv.Itoa(address)
}

// Channels forgets all channels: a new configuration has its own.
func (m *Metrics) Channels() {
	if m == nil {
		return
	}
	m.unheard.Reset()
	m.mute.Reset()
}
