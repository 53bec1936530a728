package alerting

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// lookback is for how long a sample is the present one, as in Prometheus.
const lookback = 5 * time.Minute

// farthest is how far back the memory reaches at most, whatever a rule asks.
const farthest = 48 * time.Hour

// forState is the series by which Prometheus' rules remember since when an
// alert has been active.
const forState = "ALERTS_FOR_STATE"

// Memory keeps the latest samples of the series that rules ask for, and what
// rules record. It outlives the [Evaluator] that fills it, so that a new
// configuration goes on with it. It is safe for concurrent use.
type Memory struct {
	mu     sync.RWMutex
	series map[string]map[uint64]*remembered // by name and hash of labels
	keep   map[string]time.Duration          // by name: how long
	own    map[string]bool                   // names that the process' metrics have, with samples or without
}

// remembered is one series, its samples in the order of their times.
type remembered struct {
	labels  labels.Labels
	samples []sample
}

// NewMemory makes one that remembers nothing yet.
func NewMemory() *Memory {
	return &Memory{series: map[string]map[uint64]*remembered{}, keep: map[string]time.Duration{}}
}

// want says for how long which series are needed, and forgets the others.
// What rules record is kept for an hour at least. own are the names of the
// process' metrics.
func (m *Memory) want(keep map[string]time.Duration, own []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep, m.own = keep, map[string]bool{}
	for _, name := range own {
		m.own[name] = true
	}
	for name := range m.series {
		if _, wanted := keep[name]; !wanted && name != forState && name != "ALERTS" {
			delete(m.series, name)
		}
	}
}

// wants tells whether a rule asks for the series of a name.
func (m *Memory) wants(name string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	_, ok := m.keep[name]
	return ok
}

// has tells whether the series of a name are read here: those there are, and
// those of the process, also before it has set them. Else a rule would find the
// store's at first, with other labels, and tell of another alert.
func (m *Memory) has(name string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.own[name] || len(m.series[name]) > 0
}

// add takes one sample. One not newer than the last of its series is passed
// over: clocks that were set back repeat times.
func (m *Memory) add(ls labels.Labels, t int64, v float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := ls.Get(model.MetricNameLabel)
	of := m.series[name]
	if of == nil {
		of = map[uint64]*remembered{}
		m.series[name] = of
	}
	s := of[ls.Hash()]
	if s == nil {
		s = &remembered{labels: ls}
		of[ls.Hash()] = s
	}
	if n := len(s.samples); n > 0 && s.samples[n-1].t >= t {
		return
	}
	s.samples = append(s.samples, sample{t, v})
	s.forget(t - max(m.keep[name], time.Hour).Milliseconds())
}

// forget drops what is older than t, once that is a quarter of all, so that it
// costs little.
func (s *remembered) forget(t int64) {
	old := 0
	for old < len(s.samples) && s.samples[old].t < t {
		old++
	}
	if 4*old > len(s.samples) {
		s.samples = append(s.samples[:0], s.samples[old:]...)
	}
}

// tidy forgets series that have had no sample since t.
func (m *Memory) tidy(t int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, of := range m.series {
		for hash, s := range of {
			if s.samples[len(s.samples)-1].t < t {
				delete(of, hash)
			}
		}
		if len(of) == 0 {
			delete(m.series, name)
		}
	}
}

// AppenderV2 takes what rules record. What was appended is there at once:
// nothing here can fail half-way.
func (m *Memory) AppenderV2(context.Context) storage.AppenderV2 { return appender{m} }
