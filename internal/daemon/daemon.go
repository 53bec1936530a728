// Package daemon joins the rooms of the house into the commands of confianza.
//
// [Run] is the daemon itself: sources under supervision, intake, scoring, the
// page, and a safe reload. The other commands use the same rooms for one job
// each. It is the only package that knows all others, and only the command
// line imports it.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"confianza/collectors"
	"confianza/dashboards/web"
	"confianza/internal/alerting"
	"confianza/internal/config"
	"confianza/internal/metrics"
	"confianza/internal/pipeline"
	"confianza/internal/series"
	"confianza/internal/store"
)

// Options is what the command line decides.
type Options struct {
	Config    *config.Config
	Load      func() (*config.Config, error) // reads the configuration again, command line included
	Lifecycle bool                           // POST /-/reload is allowed
	Version   string
	Hup       <-chan struct{} // each value asks for a reload
	Out       io.Writer       // says where the page is
	Log       *slog.Logger
	Evaluate  time.Duration // between rounds of the rules' evaluation; 0 is what is usual
	Gather    time.Duration // how long an alert waits for others to be told with; 0 is what is usual
	Settle    time.Duration // how long an alert must not fire to be told as over; 0 is what is usual

	Now  func() time.Time // the clock that the store, the page and the detectors go by; nil is the machine's
	Tidy <-chan time.Time // each value means that what is done every hour is due; nil is each hour
}

// Daemon is a running confianza.
type Daemon struct {
	o       Options
	store   *store.Store
	metrics *metrics.Metrics
	engine  *series.Engine
	reloads chan chan error
	gauges  gauges // of the present shift, one at a time
	memory  *alerting.Memory
	address string // of the page, once it is served

	mu      sync.Mutex
	shift   *shift
	config  *config.Config
	refused string    // why the last reload was; "" when it was not
	clock   web.Clock // while it is not believed
}

// Run listens until ctx ends, and then stops cleanly and returns nil. An
// error says that it cannot start, or that its own store is damaged.
func Run(ctx context.Context, o Options) (err error) {
	if err := o.Config.Check(); err != nil {
		return err
	}
	if len(o.Config.Brands) == 0 {
		return errors.New("no brand to listen for: say --brand NAME, or list brands in the file that --config names")
	}
	if err := checkPage(o.Config.Web); err != nil {
		return err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &Daemon{o: o, metrics: metrics.New(o.Version), reloads: make(chan chan error), memory: alerting.NewMemory(), config: o.Config}
	d.metrics.Blocked("", store.DiskReasons())
	s, err := store.Open(ctx, o.Config.Data, store.Options{Who: "confianza run", Now: o.Now, Blocked: d.blocked})
	if err != nil {
		return err
	}
	d.store = s
	defer func() { err = errors.Join(err, s.Close()) }()
	d.engine = series.NewEngine(d.series(), series.Limits{})
	if err := pipeline.Restore(ctx, s, d.metrics); err != nil {
		return err
	}
	first, err := d.plan(ctx, o.Config)
	if err != nil {
		return err
	}
	d.metrics.Reload(true, time.Now())
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun := make(chan struct{})
	// Before the page: who sees that we run may ask us at once.
	closed, err := d.control(ctx, begun)
	if err != nil { // listening goes on without it
		d.o.Log.Warn("commands that write must wait until this confianza has stopped", "why", err)
		closed = func() {}
	}
	served, err := d.serve(ctx)
	if err != nil {
		cancel()
		closed()
		return err
	}
	d.begin(ctx, first)
	close(begun)
	err = d.work(ctx, served)
	cancel()
	closed()
	d.present().stop()
	<-served // the page is closed before the store
	return err
}

// work runs shifts until ctx ends or something of our own breaks.
func (d *Daemon) work(ctx context.Context, served <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-d.present().broken:
			return err
		case err := <-served:
			if ctx.Err() != nil { // both are ready: the page closes because we stop
				return nil
			}
			return fmt.Errorf("serve: %w", err)
		case <-d.o.Hup:
			d.reload(ctx) // logged there
		case answer := <-d.reloads:
			answer <- d.reload(ctx)
		}
	}
}

func (d *Daemon) present() *shift {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shift
}

func (d *Daemon) begin(ctx context.Context, s *shift) {
	d.mu.Lock()
	d.shift = s
	d.mu.Unlock()
	s.start(ctx)
}

// blocked says that the disk takes nothing, and that it does again.
func (d *Daemon) blocked(why *store.DiskError) {
	if why == nil {
		d.metrics.Blocked("", store.DiskReasons())
		d.o.Log.Info("storing goes on")
		return
	}
	d.metrics.Blocked(why.Reason, store.DiskReasons())
	d.o.Log.Error("storing waits; nothing is lost, and it goes on by itself", "why", why)
}

// reload puts a new configuration to work, or leaves everything as it is and
// says why.
func (d *Daemon) reload(ctx context.Context) error {
	next, c, err := d.read(ctx)
	d.metrics.Reload(err == nil, time.Now())
	d.mu.Lock()
	if d.refused = ""; err != nil {
		d.refused = err.Error()
	}
	d.mu.Unlock()
	if err != nil {
		d.o.Log.Error("configuration not taken; the old one goes on", "why", err)
		return err
	}
	d.present().stop()
	d.mu.Lock()
	d.config = c
	d.mu.Unlock()
	d.begin(ctx, next)
	d.o.Log.Info("configuration taken", "brands", len(c.Brands), "sources", len(next.sources))
	return nil
}

func (d *Daemon) read(ctx context.Context) (*shift, *config.Config, error) {
	c, err := d.o.Load()
	if err != nil {
		return nil, nil, err
	}
	if err := c.Check(); err != nil {
		return nil, nil, err
	}
	d.mu.Lock()
	had := d.config
	d.mu.Unlock()
	switch {
	case len(c.Brands) == 0:
		return nil, nil, errors.New("config: no brands left to listen for")
	case c.Data != had.Data:
		return nil, nil, c.At(errors.New("the folder changes only with a restart"), "data")
	case c.TimeZone != had.TimeZone:
		return nil, nil, c.At(errors.New("changes only with a restart"), "time_zone")
	case c.Web != had.Web:
		return nil, nil, c.At(errors.New("changes only with a restart"), "web")
	}
	next, err := d.plan(ctx, c)
	return next, c, err
}

// requestReload asks the working loop for a reload and waits for its end.
func (d *Daemon) requestReload(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case d.reloads <- answer:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// phases are the closed set of states a metric needs.
func phases() []string {
	var all []string
	for _, p := range collectors.Phases() {
		all = append(all, string(p))
	}
	return all
}
