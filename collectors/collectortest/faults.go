package collectortest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"confianza/collectors"
)

// fault is one way a server lets a source down.
type fault struct {
	name  string
	serve http.HandlerFunc
	judge func(err error, began time.Time) error // of what Collect returned; nil when it went on instead
}

var faults = []fault{
	{"a server that rejects its credentials (401)", answer(401, nil), rejected},
	{"a server that wants to be paid (402)", answer(402, nil), rejected},
	{"a server that forbids it (403)", answer(403, nil), rejected},
	{"a server that is asked too often (429)", answer(429, map[string]string{"Retry-After": "90"}), throttled},
	{"a broken server (500)", answer(500, nil), failed},
	{"an empty answer (200)", answer(200, nil), failedOrWaited},
	{"a truncated answer", truncate, failedOrWaited},
	{"a reset connection", reset, failedOrWaited},
	{"a server that hangs", hang, failedOrWaited},
}

// How much a source may do while its server lets it down: one look at it each
// time it is started, with some requests of its own plan, but no loop.
const (
	settle      = time.Second
	maxRequests = 10
)

// meets holds a source to meeting one fault: the right class of error, no hot
// loop, and nothing lost once the server is well.
func meets(ctx context.Context, f fault, g *gate, w World) error {
	g.set(f.serve)
	began := time.Now()
	var rec Recorder
	o := w.run(ctx, w.New(), w.From, &rec, func(*Recorder) bool { return time.Since(began) > settle })
	if n := g.requests(); n == 0 || n > maxRequests {
		return fmt.Errorf("%d requests in %v, want 1 to %d", n, time.Since(began).Round(time.Millisecond), maxRequests)
	}
	got := o.err
	if !o.itself {
		got = nil
	}
	if err := errors.Join(o.broken, w.keeps(o.err), w.sound(&rec), f.judge(got, began)); err != nil {
		return err
	}
	g.set(nil)
	kept := seen{}.with(rec.Batches())
	if err := w.goOn(ctx, w.New(), w.orFrom(rec.Cursor()), &kept); err != nil {
		return fmt.Errorf("once the server was well: %w", err)
	}
	return nil
}

func rejected(err error, _ time.Time) error {
	if !errors.Is(err, collectors.ErrRejected) {
		return fmt.Errorf("collecting ended with %v, want an error that wraps ErrRejected", err)
	}
	return nil
}

func throttled(err error, began time.Time) error {
	t, ok := errors.AsType[*collectors.Throttled](err)
	if !ok {
		return fmt.Errorf("collecting ended with %v, want a Throttled", err)
	}
	if wait := t.Until.Sub(began); wait < 85*time.Second || wait > 125*time.Second {
		return fmt.Errorf("throttled for %v, want the 90s the server asked for", wait)
	}
	return nil
}

func failed(err error, began time.Time) error {
	if err == nil {
		return errors.New("went on as if nothing were wrong, want an error")
	}
	return failedOrWaited(err, began)
}

func failedOrWaited(err error, _ time.Time) error {
	_, waits := errors.AsType[*collectors.Throttled](err)
	if waits || errors.Is(err, collectors.ErrRejected) {
		return fmt.Errorf("collecting ended with %v, want an error that is simply retried", err)
	}
	return nil
}

func answer(status int, header map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
	}
}

func truncate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	w.Write([]byte(`{"posts": [{"id": "1", "te`))
}

func reset(w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0) // closes with RST
	}
	c.Close()
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// gate stands before a fake server and lets faults be set.
type gate struct {
	mu    sync.Mutex
	fault http.HandlerFunc
	count int
}

func (g *gate) wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := g.pass(); f != nil {
			f(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (g *gate) pass() http.HandlerFunc {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	return g.fault
}

func (g *gate) set(f http.HandlerFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = f
}

func (g *gate) requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count
}
