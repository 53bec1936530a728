package collectortest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"confianza/collectors"
)

// fault is one way a server, or the way to it, lets a source down.
type fault struct {
	name  string
	serve serving
	at    string // an address to be asked instead of the world's
	judge func(*met) error
	cause collectors.Cause // of the error, when there is one; "" is any
	slow  bool             // the source has to give up by itself, with short limits of time
	heavy bool             // the source has to give up by itself, with its own limits
	well  bool             // the server answers, so that there is no number of requests too many
	spoil bool             // what it delivers meanwhile is damaged, and not compared
}

// met is how a source met a fault.
type met struct {
	err   error // what Collect returned by itself; nil when it went on
	began time.Time
	rec   *Recorder
	g     *gate
	w     World
}

// How much a source may do while its server lets it down: one look at it each
// time it is started, with some requests of its own plan and their redirects,
// but no loop.
const (
	settle      = time.Second
	maxRequests = 30
	maxHeap     = 200 << 20 // more than before; other tests may run at the same time
)

// meets holds a source to meeting one fault: the right class of error, with a
// message that names the place, no hot loop, bounded memory, and nothing lost
// once the server is well.
func meets(ctx context.Context, f fault, g *gate, w World) error {
	c, place, err := f.source(g, w)
	if err != nil {
		return err
	}
	g.set(&f)
	var rec Recorder
	heap := newPeak()
	m := &met{began: time.Now(), rec: &rec, g: g, w: w}
	o := w.run(ctx, c, w.From, &rec, func(*Recorder) bool {
		heap.look()
		return !f.slow && !f.heavy && time.Since(m.began) > settle
	})
	if o.itself {
		m.err = o.err
	}
	requests, host := g.seen()
	if f.at != "" {
		host = place
	}
	if err := errors.Join(o.broken, w.keeps(o.err), w.sound(&rec), heap.within(maxHeap), f.judge(m), f.because(m.err), names(m.err, host), f.cool(requests)); err != nil {
		return err
	}
	g.set(nil)
	from, kept := w.orFrom(rec.Cursor()), seen{}.with(rec.Batches())
	if f.spoil {
		from, kept = w.From, seen{}
	}
	if err := w.goOn(ctx, w.New(), from, &kept); err != nil {
		return fmt.Errorf("once the server was well: %w", err)
	}
	return nil
}

// source is whom to try, and what its errors have to name when it is not asked
// for the world's server.
func (f fault) source(g *gate, w World) (c collectors.Collector, place string, err error) {
	if w.Impatient == nil || w.At == nil {
		return nil, "", errors.New("World.Impatient and World.At are needed to try servers that hang, names that do not resolve and wrong certificates")
	}
	switch {
	case f.at != "":
		u, err := url.Parse(f.at)
		if err != nil {
			return nil, "", err
		}
		return w.At(f.at), u.Host, nil
	case f.slow:
		return w.Impatient(), "", nil
	}
	return w.New(), "", nil
}

// cool holds a source to not asking in a loop.
func (f fault) cool(requests int) error {
	if f.at == "" && (requests == 0 || requests > maxRequests && !f.well) {
		return fmt.Errorf("%d requests, want 1 to %d", requests, maxRequests)
	}
	return nil
}

// because holds an error to telling its cause.
func (f fault) because(err error) error {
	if got := collectors.CauseOf(err); err != nil && f.cause != "" && got != f.cause {
		return fmt.Errorf("the cause of %q is %s, want %s", err, got, f.cause)
	}
	return nil
}

// names holds an error to saying where it happened.
func names(err error, host string) error {
	if err != nil && !strings.Contains(err.Error(), host) {
		return fmt.Errorf("collecting ended with %q, which does not name %s", err, host)
	}
	return nil
}

func rejected(m *met) error {
	if !errors.Is(m.err, collectors.ErrRejected) {
		return fmt.Errorf("collecting ended with %v, want an error that wraps ErrRejected", m.err)
	}
	return nil
}

// throttled wants 90 s, less or more by what a date in whole seconds and a
// busy machine may change.
func throttled(m *met) error {
	t, ok := errors.AsType[*collectors.Throttled](m.err)
	if !ok {
		return fmt.Errorf("collecting ended with %v, want a Throttled", m.err)
	}
	if wait := t.Until.Sub(m.began); wait < 85*time.Second || wait > 125*time.Second {
		return fmt.Errorf("throttled for %v, want the 90s the server asked for", wait)
	}
	return nil
}

// throttledSomehow is for a time that makes no sense: the supervisor bounds it.
func throttledSomehow(m *met) error {
	if _, ok := errors.AsType[*collectors.Throttled](m.err); !ok {
		return fmt.Errorf("collecting ended with %v, want a Throttled", m.err)
	}
	return nil
}

func failed(m *met) error {
	if m.err == nil {
		return errors.New("went on as if nothing were wrong, want an error")
	}
	return failedOrWaited(m)
}

func failedOrWaited(m *met) error {
	_, waits := errors.AsType[*collectors.Throttled](m.err)
	if waits || errors.Is(m.err, collectors.ErrRejected) {
		return fmt.Errorf("collecting ended with %v, want an error that is simply retried", m.err)
	}
	return nil
}

// told wants it said that something is wrong: by an error, a trouble or a
// count of what was dropped.
func told(m *met) error {
	said := m.err != nil || len(m.rec.Dropped()) > 0
	for _, b := range m.rec.Batches() {
		said = said || len(b.Troubles) > 0
	}
	if !said {
		return errors.New("neither an error nor a trouble nor a count says that what came was no answer")
	}
	return failedOrWaited(m)
}

// discreet wants a redirect to another host to be told nothing.
func discreet(m *met) error {
	if asked := m.g.asked(); m.w.Secret != "" && strings.Contains(asked, m.w.Secret) {
		return fmt.Errorf("the host of a redirect was told the secret:\n%s", asked)
	}
	return failed(m)
}

// timely wants no time that lies years ahead to be called heard, however the
// server's clock stands: later, it could never be passed.
func timely(m *met) error {
	for _, b := range m.rec.Batches() {
		if b.Until.After(m.began.AddDate(1, 0, 0)) {
			return fmt.Errorf("says that all until %v is heard", b.Until)
		}
	}
	return failedOrWaited(m)
}
