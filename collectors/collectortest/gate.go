package collectortest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// gate stands before a fake server and lets faults be set.
type gate struct {
	elsewhere string // another server, to be redirected to

	mu    sync.Mutex
	fault *fault
	over  chan struct{} // closed once the fault is
	sound http.Handler
	count int
	host  string   // as it was asked for
	told  []string // what was asked of elsewhere, with all its headers
}

func newGate(t *testing.T) *gate {
	g := &gate{over: make(chan struct{})}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var all strings.Builder
		all.WriteString(r.URL.String() + "\n")
		r.Header.Write(&all)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.told = append(g.told, all.String())
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(s.Close)
	g.elsewhere = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return g
}

func (g *gate) wrap(h http.Handler) http.Handler {
	g.sound = h
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := g.pass(r.Host); f != nil && f.serve != nil {
			f.serve(g, w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (g *gate) pass(host string) *fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	g.host = host
	return g.fault
}

// set lets a fault begin, or ends it when f is nil.
func (g *gate) set(f *fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fault = f; f == nil {
		close(g.over)
	}
}

// seen is how many requests came, and for which host.
func (g *gate) seen() (requests int, host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count, g.host
}

// asked is what elsewhere was asked for.
func (g *gate) asked() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.told, "\n")
}

// through answers as the sound server does, but for what filter makes of the
// bytes, WebSocket frames included.
func (g *gate) through(w http.ResponseWriter, r *http.Request, filter func(*tap, []byte) (int, error)) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	t := &tap{ResponseWriter: w, filter: filter, cancel: cancel, over: g.over}
	g.sound.ServeHTTP(t, r.WithContext(ctx))
	t.reset()
}

// tap is a ResponseWriter whose bytes go through a filter, also once a
// WebSocket has taken over the connection. When the handler returns, the
// connection is reset: an answer never ends well.
type tap struct {
	http.ResponseWriter
	filter func(*tap, []byte) (int, error)
	cancel context.CancelFunc // ends the handler
	over   <-chan struct{}
	conn   net.Conn // nil while it is plain HTTP
	sent   int      // bytes
}

func (t *tap) Write(p []byte) (int, error) { return t.filter(t, p) }

func (t *tap) Flush() {
	if t.conn == nil {
		http.NewResponseController(t.ResponseWriter).Flush()
	}
}

func (t *tap) WriteHeader(code int) {
	t.Header().Del("Content-Length") // or the end would not show
	t.ResponseWriter.WriteHeader(code)
}

// pass sends bytes as they are.
func (t *tap) pass(p []byte) (n int, err error) {
	if t.conn != nil {
		n, err = t.conn.Write(p)
	} else if n, err = t.ResponseWriter.Write(p); err == nil {
		t.Header().Del("Content-Length")
		t.Flush()
	}
	t.sent += n
	return n, err
}

// reset ends the connection with RST.
func (t *tap) reset() {
	t.cancel()
	if t.conn == nil {
		t.Flush()
		c, _, err := http.NewResponseController(t.ResponseWriter).Hijack()
		if err != nil {
			return
		}
		t.conn = c
	}
	if tcp, ok := t.conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	t.conn.Close()
}
