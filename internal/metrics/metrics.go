// Package metrics names what confianza measures of itself.
//
// Every metric on /metrics is declared here, once, with its help text; the
// table in docs/metrics.md is generated from these declarations. A nil
// *Metrics is silent, so that tests and one-shot commands need none.
package metrics

import (
	"net/http"
	"runtime"
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
