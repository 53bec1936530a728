package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Options is what is told to whom. Firing, Channels, Notes and Log are needed.
type Options struct {
	Firing   func() []Alert
	Inhibit  []Inhibition
	Channels []Channel
	Explain  func(ctx context.Context, a Alert) (*Facts, error) // nil, or a nil result, has nothing to add
	Notes    Notes
	Page     func() string // address that messages link to
	Notify   func()        // told of each change of a delivery; may be nil
	Sent     func(channel string, address int)
	Log      *slog.Logger
	Now      func() time.Time // nil is the clock

	Interval time.Duration // between looks; 0 is 15 s
	Gather   time.Duration // how long a change waits for others that go with it; 0 is 30 s
	Settle   time.Duration // how long an alert must not fire to be over; 0 is 5 min
}

// Notes keeps what was told over a restart; see [store.Store.SetNote].
type Notes interface {
	Note(ctx context.Context, name string) ([]byte, error)
	SetNote(ctx context.Context, name string, value []byte) error
}

// Teller tells people until its context ends.
type Teller struct {
	o     Options
	lines []*line
	facts facts
}

// New makes a teller that has told nothing yet.
func New(o Options) *Teller {
	o.Interval, o.Gather, o.Settle = orElse(o.Interval, 15*time.Second), orElse(o.Gather, 30*time.Second), orElse(o.Settle, 5*time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Teller{o: o}
	same := map[string]int{}
	for _, c := range o.Channels {
		if same[c.Destination]++; same[c.Destination] > 1 { // one place, told by two channels
			c.Destination = fmt.Sprintf("%s %d", c.Destination, same[c.Destination])
		}
		t.lines = append(t.lines, &line{Channel: c, t: t, knows: map[string]told{}, state: Delivery{Name: c.Name, Address: c.Address}})
	}
	return t
}

func orElse(d, usual time.Duration) time.Duration {
	if d == 0 {
		return usual
	}
	return d
}

// Run tells until ctx ends, or until the notes of one channel cannot be kept:
// who cannot remember what was told would tell it again and again.
func (t *Teller) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var done sync.WaitGroup
	broken := make(chan error, len(t.lines))
	for _, l := range t.lines {
		done.Go(func() {
			err := l.run(ctx)
			if err != nil {
				stop()
			}
			broken <- err
		})
	}
	done.Wait()
	close(broken)
	for err := range broken {
		if err != nil {
			return err
		}
	}
	return nil
}

// Deliveries are how telling each channel goes.
func (t *Teller) Deliveries() (all []Delivery) {
	for _, l := range t.lines {
		all = append(all, l.status())
	}
	return all
}

func (l *line) run(ctx context.Context) error {
	if err := l.recall(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(l.t.o.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := l.round(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

// round tells what there is to tell, if it is time.
func (l *line) round(ctx context.Context) error {
	now := l.t.o.Now()
	firing := l.t.o.Firing()
	changes := l.look(firing, loud(firing, l.t.o.Inhibit), now)
	if len(changes) == 0 {
		l.first = time.Time{}
		l.note(nil, 0, false)
		return nil
	}
	if l.first.IsZero() {
		l.first = now
	}
	if l.rests(changes, now) || now.Sub(l.first) < l.t.o.Gather || now.Before(l.status().Next) {
		return nil
	}
	l.tried = map[string]bool{}
	for _, c := range changes {
		l.tried[c.id()] = true
	}
	var unfit error // of messages that are refused for what they are
	waiting := len(changes)
	for _, m := range bundle(l.Name, changes, now, l.t.o.Page()) {
		l.explain(ctx, &m)
		err := l.Sender.Send(ctx, m)
		if err != nil && ctx.Err() != nil {
			return nil // told or not: it is compared again after the restart
		}
		l.learn(m, err == nil)
		if kept := l.keep(context.WithoutCancel(ctx)); kept != nil { // what was taken at the last moment too
			return kept
		}
		switch a, answered := errors.AsType[answer](err); {
		case err == nil:
			waiting -= len(m.Changes)
			l.note(nil, waiting, true)
		case answered && a.unfit():
			unfit = err
		default:
			l.note(err, waiting, false)
			return nil
		}
	}
	if unfit != nil {
		l.note(unfit, waiting, false)
		return nil
	}
	l.first = time.Time{}
	return nil
}
