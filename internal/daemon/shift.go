package daemon

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"confianza/analysis/match"
	"confianza/collectors"
	"confianza/collectors/fetch"
	"confianza/internal/alerting"
	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/messages"
	"confianza/internal/people"
	"confianza/internal/pipeline"
)

// shift is everything that one configuration sets to work. A reload plans the
// next before it stops the present one.
type shift struct {
	d       *Daemon
	config  *config.Config
	log     *slog.Logger
	wanted  collectors.Wanted
	sources []*source
	scorer  versioned
	scoring *pipeline.Scoring
	sending []*sending // to receivers of remote write
	reports *reporting
	alerts  *alerting.Evaluator // nil when rules are not evaluated here
	tell    *messages.Teller    // nil when nobody is told directly
	client  *fetch.Client       // shared by the sources that poll

	broken chan error // the first of our own failures
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// source is one source at work.
type source struct {
	*collectors.Supervisor
	heard time.Time // completed before this process started
}

// plan makes a shift ready and starts nothing.
func (d *Daemon) plan(ctx context.Context, c *config.Config) (*shift, error) {
	m, err := match.New(c.Matched())
	if err != nil {
		return nil, err
	}
	scorer, err := scorerOf(c)
	if err != nil {
		return nil, err
	}
	client := fetch.New(fetch.Options{Contact: c.Contact})
	made, err := configured(c, client)
	if err != nil {
		client.Close()
		return nil, err
	}
	door := pipeline.NewDoor(m)
	s := &shift{
		d: d, config: c, log: d.o.Log, client: client, broken: make(chan error, 1),
		wanted:  collectors.Wanted{Queries: queries(c), Names: door.Names},
		scorer:  scorer,
		scoring: pipeline.NewScoring(d.store, scorer, d.metrics, d.o.Log),
	}
	intake := &pipeline.Intake{Store: d.store, Door: door, Metrics: d.metrics, Wake: s.scoring.Wake}
	for _, one := range made {
		heard, err := d.lastHeard(ctx, one.name)
		if err != nil {
			return nil, err
		}
		s.add(one, heard, intake)
	}
	s.sending = s.senders()
	s.reports = s.newReporting()
	if s.alerts, err = s.evaluator(); err != nil {
		client.Close()
		return nil, err
	}
	if s.tell, err = s.teller(); err != nil {
		client.Close()
		return nil, err
	}
	return s, nil
}

// add puts a source under supervision.
func (s *shift) add(one made, heard time.Time, intake *pipeline.Intake) {
	s.d.metrics.Source(one.name, phases(), reasons(), causes())
	t := &told{source: one.name, brings: one.brings, log: s.log, metrics: s.d.metrics}
	s.sources = append(s.sources, &source{heard: heard, Supervisor: &collectors.Supervisor{
		Source: one.name, Collector: one.collector, Idle: one.idle, Deliver: intake.Deliver(one.name, t.batch), Notify: t.status,
		Load: func(ctx context.Context) (collectors.Cursor, error) {
			cursor, err := s.d.store.Cursor(ctx, one.name)
			return collectors.Cursor(cursor), err
		},
	}})
}

func (s *shift) start(ctx context.Context) {
	ctx, s.cancel = context.WithCancel(ctx)
	s.run(ctx, s.listen)
	s.run(ctx, s.scoring.Run)
	s.run(ctx, func(ctx context.Context) error { return pipeline.Index(ctx, s.d.store, s.d.metrics) })
	s.run(ctx, s.keepHouse)
	s.run(ctx, s.send)
	s.run(ctx, s.reports.run)
	s.run(ctx, s.watcher().Run)
	s.run(ctx, (&people.Counter{Store: s.d.store, Brands: s.config.BrandNames(), Log: s.log, Now: s.d.o.Now}).Run)
	if s.alerts != nil {
		s.run(ctx, s.alerts.Run)
	}
	s.d.metrics.Channels()
	if s.tell != nil {
		s.channelsTold()
		s.run(ctx, s.tell.Run)
	}
}

// listen sets the sources to work once the store knows for whom.
func (s *shift) listen(ctx context.Context) error {
	if err := s.d.store.Listen(ctx, s.config.BrandNames()); err != nil {
		return err
	}
	for _, src := range s.sources {
		s.run(ctx, func(ctx context.Context) error { return src.Run(ctx, s.wanted) })
	}
	return nil
}

func (s *shift) run(ctx context.Context, f func(context.Context) error) {
	s.done.Go(func() {
		if err := f(ctx); err != nil && !errors.Is(err, context.Canceled) {
			select {
			case s.broken <- err:
			default: // one is enough to stop us
			}
		}
	})
}

// stop ends the shift and waits for it: what was being delivered is either
// durable or will come again.
func (s *shift) stop() {
	s.cancel()
	s.done.Wait()
	s.client.Close()
}

// lastHeard is the source time completed, by this process or one before.
func (s *source) lastHeard() time.Time {
	if heard := s.Status().Heard; heard.After(s.heard) {
		return heard
	}
	return s.heard
}

// lastHeard finds in the store until when a source was heard.
func (d *Daemon) lastHeard(ctx context.Context, name string) (time.Time, error) {
	now := time.Now()
	spans, err := d.store.Heard(ctx, name, mention.Span{From: now.AddDate(0, -3, 0), To: now})
	if err != nil || len(spans) == 0 {
		return time.Time{}, err
	}
	return spans[len(spans)-1].To, nil
}

// queries is what sources with a search are asked for.
func queries(c *config.Config) []collectors.Query {
	var all []collectors.Query
	for _, b := range c.Brands {
		names := b.Names
		if len(names) == 0 {
			names = []string{b.Name}
		}
		all = append(all, collectors.Query{
			Brand: b.Name, Any: names, Near: b.Context, Not: b.Exclude,
			Handles: b.Handles, Hashtags: b.Hashtags, Domains: b.Domains,
		})
	}
	return all
}

func causes() []string {
	var all []string
	for _, c := range collectors.Causes() {
		all = append(all, string(c))
	}
	return all
}

func reasons() []string {
	var all []string
	for _, r := range collectors.Reasons() {
		all = append(all, string(r))
	}
	return all
}
