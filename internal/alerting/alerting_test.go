package alerting

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/series"
	"confianza/internal/store"
)

// manager is a fake Alertmanager that remembers what it was told.
type manager struct {
	mu     sync.Mutex
	status int // 0 is 200
	told   []alert
	auth   string
}

func (m *manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.auth = r.Header.Get("Authorization")
	if r.URL.Path != "/api/v2/alerts" {
		http.Error(w, "no such path", http.StatusNotFound)
		return
	}
	if m.status != 0 {
		http.Error(w, "not now", m.status)
		return
	}
	var batch []alert
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m.told = append(m.told, batch...)
}

func (m *manager) answer(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status = status
}

// last is the latest it was told of an alert.
func (m *manager) last(name string) (a alert, times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range m.told {
		if one.Labels.Get("alertname") == name {
			a, times = one, times+1
		}
	}
	return a, times
}

// house is an evaluator's surroundings: a store, and a process with one gauge.
type house struct {
	t       *testing.T
	store   *store.Store
	gauge   prometheus.Gauge
	options Options
	stop    func()
}

const deaf = `
groups:
  - name: g
    rules:
      - record: listening:sum
        expr: sum by (job, instance) (test_listening)
      - alert: Deaf
        expr: test_listening == 0 and on (instance) listening:sum == 0 and on (instance) up == 1
        for: 50ms
        labels: {severity: warning}
        annotations: {summary: "{{ $labels.source }} at {{ $labels.instance }} is {{ $value }}"}
`

func newHouse(t *testing.T, m http.Handler) *house {
	t.Helper()
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	h := &house{t: t, store: s, gauge: prometheus.NewGauge(prometheus.GaugeOpts{Name: "test_listening", ConstLabels: prometheus.Labels{"source": "net"}})}
	registry.MustRegister(h.gauge)
	h.gauge.Set(1)
	h.options = Options{
		Builtin: map[string][]byte{"deaf.yml": []byte(deaf)}, Alertmanagers: []config.Endpoint{{URL: server.URL + "/"}},
		Engine: series.NewEngine(series.New(series.Options{Store: s.Reader}), series.Limits{}), Memory: NewMemory(), Gather: registry.Gather,
		Notes: s, Page: func() string { return "http://here:8321/" }, Log: slog.New(slog.DiscardHandler), Interval: 10 * time.Millisecond,
	}
	h.stop = func() {}
	t.Cleanup(func() {
		h.stop()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// begin sets an evaluator to work until stop.
func (h *house) begin() *Evaluator {
	h.t.Helper()
	e, err := New(h.options)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range e.couriers {
		c.first = time.Millisecond
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	})
	return e
}

func (h *house) eventually(what string, ok func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("%s: never", what)
		}
	}
}

func TestAlertArrivesAndResolves(t *testing.T) {
	m := new(manager)
	h := newHouse(t, m)
	e := h.begin()
	h.eventually("a round", func() bool { return len(e.Groups()) == 1 && !e.Groups()[0].LastEvaluation.IsZero() })
	if got := e.Firing(); len(got) != 0 {
		t.Errorf("while all is well: %v", got)
	}
	h.gauge.Set(0)
	h.eventually("the alert", func() bool { _, n := m.last("Deaf"); return n > 0 })
	a, _ := m.last("Deaf")
	if got, want := a.Labels.String(), `{alertname="Deaf", instance="here:8321", job="confianza", severity="warning", source="net"}`; got != want {
		t.Errorf("labels %s, want %s", got, want)
	}
	if got, want := a.Annotations.Get("summary"), "net at here:8321 is 0"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	if !a.EndsAt.After(time.Now()) || a.GeneratorURL != "http://here:8321/" {
		t.Errorf("ends %v, from %s", a.EndsAt, a.GeneratorURL)
	}
	rule := e.Groups()[0].Rules[1]
	if rule.Name != "Deaf" || rule.State != "firing" || rule.Health != "ok" || len(rule.Alerts) != 1 || rule.Alerts[0].State != "firing" {
		t.Errorf("the API would show %+v", rule)
	}
	h.gauge.Set(1)
	h.eventually("its end", func() bool { a, _ := m.last("Deaf"); return !a.EndsAt.After(time.Now()) })
}

// What fires while nobody answers waits; what has ended by then arrives as what
// it is, and once.
func TestAlertmanagerIsAwaited(t *testing.T) {
	m := &manager{status: http.StatusServiceUnavailable}
	h := newHouse(t, m)
	e := h.begin()
	h.gauge.Set(0)
	h.eventually("a failure", func() bool { d := e.Deliveries()[0]; return d.Err != nil && d.Waiting == 1 })
	h.gauge.Set(1)
	h.eventually("the end of it", func() bool { return len(e.Firing()) == 0 })
	m.answer(0)
	h.eventually("the delivery", func() bool { return e.Deliveries()[0].Waiting == 0 && e.Deliveries()[0].Err == nil })
	if a, n := m.last("Deaf"); n != 1 || a.EndsAt.After(time.Now()) {
		t.Errorf("told %d times, ends %v: want once, over", n, a.EndsAt)
	}
}

// What an Alertmanager calls wrong is not tried again: it would keep all that
// comes after it from arriving.
func TestRefusedAlertsBlockNobody(t *testing.T) {
	m := &manager{status: http.StatusBadRequest}
	h := newHouse(t, m)
	e := h.begin()
	h.gauge.Set(0)
	h.eventually("the alert", func() bool { return len(e.Firing()) == 1 && e.Firing()[0].State == "firing" })
	h.eventually("nothing left", func() bool { return e.Deliveries()[0].Waiting == 0 })
}

func TestRestartRemembersSinceWhen(t *testing.T) {
	m := new(manager)
	h := newHouse(t, m)
	h.gauge.Set(0)
	e := h.begin()
	h.eventually("the alert", func() bool { _, n := m.last("Deaf"); return n > 0 })
	since := e.Firing()[0].ActiveAt.Unix()
	h.stop()
	b, err := h.store.Note(t.Context(), noteName)
	if err != nil {
		t.Fatal(err)
	}
	var kept []active
	if err := json.Unmarshal(b, &kept); err != nil || len(kept) != 1 || int64(kept[0].Since) != since {
		t.Fatalf("kept %s (%v), want one alert since %d", b, err, since)
	}

	// Another process, which has no memory, an hour later: the note is turned
	// back instead of waiting for it.
	kept[0].Since -= 3600
	kept[0].At = time.Now().Add(-time.Minute).UnixMilli()
	if b, err = json.Marshal(kept); err != nil {
		t.Fatal(err)
	}
	if err := h.store.SetNote(t.Context(), noteName, b); err != nil {
		t.Fatal(err)
	}
	h.options.Memory = NewMemory()
	e = h.begin()
	h.eventually("the same alert, active since before", func() bool {
		f := e.Firing()
		return len(f) == 1 && f[0].State == "firing" && f[0].ActiveAt.Unix() == since-3600
	})
	h.gauge.Set(1)
	h.eventually("its end", func() bool { return len(e.Firing()) == 0 })
	h.stop()
	if b, err = h.store.Note(t.Context(), noteName); err != nil || string(b) != "[]" {
		t.Errorf("after its end there is %s, %v", b, err)
	}
}

// A process that keeps ending is told of as it is by a Prometheus that scrapes
// it, though its own memory ends each time.
func TestRestartsAreSeenFromWithin(t *testing.T) {
	m := new(manager)
	h := newHouse(t, m)
	began := prometheus.NewGauge(prometheus.GaugeOpts{Name: startSeries})
	registry := prometheus.NewRegistry()
	registry.MustRegister(began)
	h.options.Gather = registry.Gather
	h.options.Builtin = map[string][]byte{"restarts.yml": []byte(`groups: [{name: g, rules: [{alert: Restarts, expr: 'changes(process_start_time_seconds{job="confianza"}[1h]) > 3'}]}]`)}
	for start := range 5 {
		began.Set(float64(start))
		h.options.Memory = NewMemory()
		e := h.begin()
		h.eventually("a round", func() bool { return len(e.Groups()) == 1 && !e.Groups()[0].LastEvaluation.IsZero() })
		if got := len(e.Firing()); start < 4 && got > 0 {
			t.Errorf("%d alerts after %d restarts", got, start)
		}
		if start == 4 {
			h.eventually("the alert", func() bool { _, n := m.last("Restarts"); return n > 0 })
		}
		h.stop()
	}
}

// What the process has metrics of is never read from the store, where it has
// other labels: not while it is not set yet either.
func TestOwnMetricsAreNotTheStores(t *testing.T) {
	m := new(manager)
	h := newHouse(t, m)
	now := time.Now()
	if _, err := h.store.Add(t.Context(), store.Intake{Source: "net", Heard: mention.Span{From: now.Add(-time.Hour), To: now.Add(time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	h.options.Builtin = map[string][]byte{"r.yml": []byte("groups: [{name: g, rules: [{alert: Heard, expr: 'confianza_listening == 1'}]}]")}
	e := h.begin()
	h.eventually("the store's, of which there is nothing here", func() bool { return len(e.Firing()) == 1 })
	h.stop()
	h.options.Own, h.options.Memory = []string{"confianza_listening"}, NewMemory()
	e = h.begin()
	h.eventually("a round", func() bool { return len(e.Groups()) == 1 && !e.Groups()[0].LastEvaluation.IsZero() })
	if got := e.Firing(); len(got) > 0 {
		t.Errorf("the store's was read: %v", got)
	}
}

func TestCredentials(t *testing.T) {
	m := new(manager)
	h := newHouse(t, m)
	t.Setenv("TEST_TOKEN", "made-up")
	parsed, err := config.Parse("c.yml", []byte("alerting:\n  alertmanagers:\n    - url: "+h.options.Alertmanagers[0].URL+"\n      token: {env: TEST_TOKEN}\n"))
	if err != nil {
		t.Fatal(err)
	}
	h.options.Alertmanagers = parsed.Alerting.Alertmanagers
	h.begin()
	h.gauge.Set(0)
	h.eventually("the alert", func() bool { _, n := m.last("Deaf"); return n > 0 })
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.auth != "Bearer made-up" {
		t.Errorf("authorized as %q", m.auth)
	}
}
