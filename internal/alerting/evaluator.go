package alerting

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"

	"confianza/internal/config"
	"confianza/internal/series"
)

// Options is what is evaluated and who is told. All but Files, Alertmanagers
// and Interval are needed.
type Options struct {
	Builtin       map[string][]byte // rule files by name
	Files         []string          // paths of the operator's own
	Alertmanagers []config.Endpoint
	Engine        *series.Engine
	Memory        *Memory
	Gather        func() ([]*dto.MetricFamily, error)   // the process' own metrics
	Own           []string                              // their names, those not set yet among them; nil knows those gathered
	Notes         Notes                                 // keeps since when alerts are active
	Notify        func(Status)                          // told after each round and each change of a delivery
	Counted       func(alertmanager string, alerts int) // told of each delivery that arrived; may be nil
	Page          func() string                         // address that alerts link to, known when Run is called; its host is the label instance
	Log           *slog.Logger
	Interval      time.Duration // between rounds; 0 is 15 s
}

// Notes keeps small things over a restart; see [store.Store.SetNote].
type Notes interface {
	Note(ctx context.Context, name string) ([]byte, error)
	SetNote(ctx context.Context, name string, value []byte) error
}

// Status is how alerting goes.
type Status struct {
	Firing, Pending int
	Broken          int // rules whose last evaluation ended with an error
	Deliveries      []Delivery
}

// Evaluator evaluates rules until its context ends.
type Evaluator struct {
	o        Options
	files    loader
	keep     map[string]time.Duration
	couriers []*courier
	page, at string // address and label instance, since Run

	mu      sync.Mutex
	manager *rules.Manager // nil until it runs
}

// New reads and checks the rules; it starts nothing. Its error names the file.
func New(o Options) (*Evaluator, error) {
	if o.Interval == 0 {
		o.Interval = 15 * time.Second
	}
	files, keep, err := files(o.Builtin, o.Files, o.Log)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	e := &Evaluator{o: o, files: files, keep: keep}
	for _, a := range o.Alertmanagers {
		e.couriers = append(e.couriers, newCourier(a, e))
	}
	return e, nil
}

// grace is how long an alert that was about to fire before a restart waits
// after it at least, for sources to be heard again.
const grace = 2 * time.Minute

// resend is how often a firing alert is told again; Alertmanager takes one it
// has not heard of for four times as long for over.
const resend = time.Minute

// outage is how old the memory of an active alert may be to count.
const outage = time.Hour

// Run evaluates and delivers until ctx ends. Nothing that goes wrong here ends
// it: listening matters more than telling.
func (e *Evaluator) Run(ctx context.Context) error {
	e.page = e.o.Page()
	if u, err := url.Parse(e.page); err == nil {
		e.at = u.Host
	}
	m := e.o.Memory
	m.want(e.keep, e.o.Own)
	if err := m.recall(ctx, e.o.Notes); err != nil {
		e.o.Log.Warn("since when alerts are active is forgotten", "why", err)
	}
	if err := m.recallStarts(ctx, e.o.Notes); err != nil {
		e.o.Log.Warn("earlier starts are forgotten", "why", err)
	}
	e.gather(time.Now())
	if err := m.noteStarts(ctx, e.o.Notes, time.Now()); err != nil && ctx.Err() == nil {
		e.o.Log.Warn("this start is not kept over the next", "why", err)
	}
	manager := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: ask(e.o.Engine, m), NotifyFunc: e.notify, Context: ctx, AppendableV2: m, Queryable: both{m, e.o.Engine.Queryable()},
		Logger: quiet(e.o.Log), OutageTolerance: outage, ForGracePeriod: grace, ResendDelay: resend, GroupLoader: e.files, Parser: series.Parser(),
	})
	if err := manager.Update(2*e.o.Interval, slices.Sorted(maps.Keys(e.files)), labels.EmptyLabels(), e.page, nil); err != nil {
		return fmt.Errorf("alerting: %w", err) // what was checked cannot be loaded: our own fault
	}
	e.mu.Lock()
	e.manager = manager
	e.mu.Unlock()
	var done sync.WaitGroup
	for _, c := range e.couriers {
		done.Go(func() { c.run(ctx) })
	}
	done.Go(manager.Run)
	e.rounds(ctx)
	manager.Stop()
	done.Wait()
	e.remember(context.WithoutCancel(ctx))
	return nil
}

// rounds reads the process' own metrics until ctx ends.
func (e *Evaluator) rounds(ctx context.Context) {
	tick := time.NewTicker(e.o.Interval)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			e.gather(now)
			if n%4 == 0 {
				e.remember(ctx)
			}
			e.tell()
		}
	}
}

func (e *Evaluator) gather(now time.Time) {
	if err := e.scrape(now); err != nil {
		e.o.Log.Warn("alerting: own metrics", "why", err)
	}
}

func (e *Evaluator) remember(ctx context.Context) {
	if err := e.o.Memory.note(ctx, e.o.Notes); err != nil && ctx.Err() == nil {
		e.o.Log.Warn("since when alerts are active is not kept over a restart", "why", err)
	}
}

// notify hands what rules say to every courier.
func (e *Evaluator) notify(_ context.Context, _ string, alerts ...*rules.Alert) {
	for _, c := range e.couriers {
		c.take(e.page, alerts)
	}
}

// tell says how it goes.
func (e *Evaluator) tell() {
	if e.o.Notify == nil {
		return
	}
	var s Status
	for _, r := range e.Firing() {
		if r.State == "firing" {
			s.Firing++
		} else {
			s.Pending++
		}
	}
	e.mu.Lock()
	manager := e.manager
	e.mu.Unlock()
	if manager != nil {
		for _, r := range manager.Rules() {
			if r.Health() == rules.HealthBad {
				s.Broken++
			}
		}
	}
	s.Deliveries = e.Deliveries()
	e.o.Notify(s)
}

// Deliveries are how telling each Alertmanager goes.
func (e *Evaluator) Deliveries() (all []Delivery) {
	for _, c := range e.couriers {
		all = append(all, c.status())
	}
	return all
}
