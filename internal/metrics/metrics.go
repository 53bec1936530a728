// Package metrics names what confianza measures of itself.
//
// Every metric on /metrics is declared here, once, with its help text; the
// table in docs/metrics.md is generated from these declarations. A nil
// *Metrics is silent, so that tests and one-shot commands need none.
package metrics

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// Metrics holds the registry and what is registered there.
type Metrics struct {
	registry *prometheus.Registry

	ingested   *prometheus.CounterVec
	listening  *prometheus.GaugeVec
	state      *prometheus.GaugeVec
	lag        *prometheus.GaugeVec
	posts      *prometheus.CounterVec
	matched    *prometheus.CounterVec
	dropped    *prometheus.CounterVec
	reconnects *prometheus.CounterVec
	failures   *prometheus.CounterVec
	troubles   *prometheus.GaugeVec
	spend      *prometheus.CounterVec
	removed    *prometheus.CounterVec
	pending    *prometheus.GaugeVec
	waited     *prometheus.GaugeVec
	seconds    *prometheus.HistogramVec
	alerts     *prometheus.GaugeVec
	told       *prometheus.CounterVec
	toTell     *prometheus.GaugeVec
	untold     *prometheus.GaugeVec
	messages   *prometheus.CounterVec
	unheard    *prometheus.GaugeVec
	mute       *prometheus.GaugeVec
	broken     prometheus.Gauge
	storeSize  prometheus.Gauge
	diskFree   prometheus.Gauge
	diskSize   prometheus.Gauge
	samples    *prometheus.CounterVec
	refused    *prometheus.CounterVec
	skipped    *prometheus.CounterVec
	unsent     *prometheus.GaugeVec
	blocked    *prometheus.GaugeVec
	doubted    prometheus.Gauge
	unwritten  *prometheus.GaugeVec
	written    *prometheus.GaugeVec
	spike      *prometheus.GaugeVec
	drop       *prometheus.GaugeVec
	episode    *prometheus.GaugeVec
	growth     *prometheus.GaugeVec
	reloadOK   prometheus.Gauge
	reloadTime prometheus.Gauge
	build      *prometheus.GaugeVec
}

// New registers every metric. version is the binary's own.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.declare()
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.build.WithLabelValues(version, runtime.Version()).Set(1)
	return m
}

func (m *Metrics) declare() {
	for _, d := range descriptions() {
		switch into := d.into(m).(type) {
		case **prometheus.CounterVec:
			*into = prometheus.NewCounterVec(prometheus.CounterOpts{Name: d.Name, Help: d.Help}, d.Labels)
			m.registry.MustRegister(*into)
		case **prometheus.GaugeVec:
			*into = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: d.Name, Help: d.Help}, d.Labels)
			m.registry.MustRegister(*into)
		case **prometheus.HistogramVec:
			*into = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: d.Name, Help: d.Help, Buckets: prometheus.ExponentialBuckets(0.001, 4, 8)}, d.Labels)
			m.registry.MustRegister(*into)
		case *prometheus.Gauge:
			*into = prometheus.NewGauge(prometheus.GaugeOpts{Name: d.Name, Help: d.Help})
			m.registry.MustRegister(*into)
		}
	}
}

// Handler serves the metrics in Prometheus' formats.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// Gather gives the present values of all metrics.
func (m *Metrics) Gather() ([]*dto.MetricFamily, error) {
	if m == nil {
		return nil, nil
	}
	return m.registry.Gather()
}

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

// Stage says how long a stage took for one batch.
func (m *Metrics) Stage(stage string, worked time.Duration) {
	if m != nil {
		m.seconds.WithLabelValues(stage).Observe(worked.Seconds())
	}
}

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

// Reload says whether the configuration was last read without a mistake.
func (m *Metrics) Reload(ok bool, at time.Time) {
	if m == nil {
		return
	}
	m.reloadOK.Set(fact(ok))
	if ok {
		m.reloadTime.Set(float64(at.Unix()))
	}
}

func fact(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
