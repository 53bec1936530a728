package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"confianza/collectors/fetch"
	"confianza/internal/config"
	"confianza/internal/metrics"
	"confianza/internal/pipeline"
	"confianza/internal/store"
)

// Task is a command that writes to the store: an [ImportTask], a
// [BackfillTask], a [ForgetTask], a [BackupTask] or a [RescoreTask]. It is plain
// data, so that a running daemon can be asked to do it.
type Task interface {
	name() string
	run(ctx context.Context, d *desk) error
}

// empty gives the task of a name to decode into; nil for unknown ones.
func empty(name string) Task {
	for _, t := range []Task{new(ImportTask), new(BackfillTask), new(ForgetTask), new(BackupTask), new(RescoreTask)} {
		if t.name() == name {
			return t
		}
	}
	return nil
}

// Say is how a task speaks to whoever asked for it.
type Say struct {
	Out      io.Writer
	Progress func(job string, done, total int64) // in bytes or mentions; may be nil
}

func (s Say) progress(job string, done, total int64) {
	if s.Progress != nil {
		s.Progress(job, done, total)
	}
}

// blocked says that the disk takes nothing, and that it does again.
func (s Say) blocked(why *store.DiskError) {
	if why == nil {
		fmt.Fprintln(s.Out, "Storing goes on.")
		return
	}
	fmt.Fprintf(s.Out, "Storing waits and goes on by itself: %v\n", why)
}

// desk is where a task does its work: at a store of its own, or at the
// daemon's.
type desk struct {
	say     Say
	store   *store.Store
	config  *config.Config                           // whose brands apply
	scorer  string                                   // the version at work
	metrics *metrics.Metrics                         // nil in a command of its own
	client  *fetch.Client                            // the daemon's; nil in a command of its own
	scored  func(ctx context.Context, d *desk) error // returns once everything is scored
}

// Do does a task at the store of c, or has the daemon do it that holds that
// store: there is one writer. Without brands in c, the daemon's own apply.
func Do(ctx context.Context, c *config.Config, t Task, say Say, log *slog.Logger) (err error) {
	if err := c.Check(); err != nil {
		return err
	}
	scorer, err := scorerOf(c) // before an hour of reading, not after
	if err != nil {
		return err
	}
	existing := needsStore(t)
	s, err := store.Open(ctx, c.Data, store.Options{Who: "confianza " + t.name(), Existing: existing, Blocked: say.blocked})
	if held, ok := errors.AsType[*store.LockedError](err); ok {
		return ask(ctx, c, t, say, held)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return t.run(ctx, &desk{say: say, store: s, config: c, scorer: scorer.Version(), scored: func(ctx context.Context, d *desk) error {
		stage := pipeline.NewScoring(s, scorer, nil, log)
		total, err := toScore(ctx, s, d.scorer)
		if err != nil {
			return err
		}
		stage.Progress = func(pending int64) { d.say.progress("scoring", total-pending, total) }
		return stage.Drain(ctx)
	}})
}

// needsStore tells whether a task means a store that is there: nobody erased
// from, or nothing copied of or scored in, a misspelt folder would be a false
// comfort.
func needsStore(t Task) bool {
	switch t.(type) {
	case *ForgetTask, *BackupTask, *RescoreTask:
		return true
	}
	return false
}

// wait is the daemon's way to have everything scored that is there by now: its
// own stage does it.
func (d *Daemon) wait(ctx context.Context, at *desk) error {
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	end, err := d.store.End(ctx)
	if err != nil {
		return err
	}
	var total int64
	for {
		stage := d.present().scoring
		stage.Wake()
		pending, err := toScoreUpTo(ctx, d.store, stage.Scorer.Version(), end)
		if err != nil {
			return err
		}
		total = max(total, pending)
		at.say.progress("scoring", total-pending, total)
		if pending == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}
