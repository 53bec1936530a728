package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"confianza/analysis/match"
	"confianza/collectors"
	"confianza/collectors/fetch"
	"confianza/internal/pipeline"
	"confianza/internal/store"
)

// BackfillTask fetches what sources still have of the past. Killed and done
// again with the same From, it goes on where it was.
type BackfillTask struct {
	Source string    // "" means every source that is on and has a past
	From   time.Time // the beginning of a day, UTC
}

func (*BackfillTask) name() string { return "backfill" }

func (t *BackfillTask) run(ctx context.Context, d *desk) error {
	if len(d.config.Brands) == 0 {
		return errors.New("backfill: no brand to look for: say --brand NAME, or list brands in the file that --config names")
	}
	m, err := match.New(d.config.Matched())
	if err != nil {
		return err
	}
	chosen, err := t.choose(d)
	if err != nil {
		return err
	}
	client := d.client
	if client == nil {
		client = fetch.New(fetch.Options{Contact: d.config.Contact})
		defer client.Close()
	}
	if err := d.store.ListenToo(ctx, m.Brands()); err != nil {
		return err
	}
	now := time.Now().UTC()
	for _, e := range chosen {
		c, err := e.past(d.config.Sources[e.name], means{client, fetch.Agent(d.config.Contact)}, t.From, now)
		if err != nil {
			return err
		}
		f := &filling{d: d, source: e.name, from: t.From, to: now}
		if err := f.run(ctx, c, pipeline.NewDoor(m)); err != nil {
			return err
		}
	}
	return d.scored(ctx, d)
}

// choose finds the sources to ask.
func (t *BackfillTask) choose(d *desk) (chosen []entry, err error) {
	var there []string
	for _, e := range catalog() {
		if e.past == nil {
			continue
		}
		there = append(there, e.name)
		section := d.config.Sources[e.name]
		on := section == nil && e.on || section != nil && section.Enabled
		if e.name == t.Source || t.Source == "" && on {
			chosen = append(chosen, e)
		}
	}
	if len(chosen) == 0 && t.Source == "" {
		return nil, fmt.Errorf("backfill: every source with a past is off; there are %v", there)
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("backfill: %q is no source with a past; there are %v", t.Source, there)
	}
	return chosen, nil
}

// filling is the past of one source.
type filling struct {
	d        *desk
	source   string
	from, to time.Time
	posts    int
	added    store.Added
	said     string // the last trouble
}

// run supervises the source as the daemon does, until it has come to the end,
// or the operator is needed.
func (f *filling) run(ctx context.Context, c collectors.Collector, door *pipeline.Door) error {
	reader := fmt.Sprintf("backfill/%s/%s", f.source, f.from.Format(time.DateOnly))
	intake := &pipeline.Intake{Store: f.d.store, Door: door, Metrics: f.d.metrics, Reader: reader}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &collectors.Supervisor{
		Source: f.source, Collector: c, Deliver: intake.Deliver(f.source, f.note),
		Load: func(ctx context.Context) (collectors.Cursor, error) {
			cursor, err := f.d.store.Cursor(ctx, reader)
			return collectors.Cursor(cursor), err
		},
		Notify: func(st collectors.Status) {
			if st.Phase == collectors.Rejected {
				cancel(errors.New(st.Err))
			}
			f.tell(st)
		},
	}
	f.d.say.progress(f.source, 0, f.length(f.to))
	err := s.Run(ctx, collectors.Wanted{Queries: queries(f.d.config), Names: door.Names})
	switch {
	case err != nil:
		return err
	case s.Status().Phase != collectors.Finished:
		return context.Cause(ctx)
	}
	_, err = fmt.Fprintf(f.d.say.Out, "%s: %d posts since %s, %d new mentions, %d known already\n",
		f.source, f.posts, f.from.Format(time.DateOnly), f.added.New, f.added.Known)
	return err
}

func (f *filling) length(until time.Time) int64 { return int64(until.Sub(f.from) / time.Second) }

// note counts a batch and tells how far it went.
func (f *filling) note(b collectors.Batch, a store.Added) {
	f.posts += len(b.Posts)
	f.added.New += a.New
	f.added.Known += a.Known
	if b.Until.After(f.from) {
		f.d.say.progress(f.source, f.length(b.Until), f.length(f.to))
	}
}

// tell says why it does not go on, and when it will, once for each reason.
func (f *filling) tell(st collectors.Status) {
	if st.Err != "" && st.Err != f.said {
		f.said = st.Err
		fmt.Fprintf(f.d.say.Out, "%s: %s; next try at %s\n", f.source, st.Err, st.Next.UTC().Format(time.TimeOnly))
	}
}
