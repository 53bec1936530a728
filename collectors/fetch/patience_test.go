package fetch

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network within a process: in it the clock of a synctest bubble
// goes on while a server says nothing.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// timed runs test in a bubble with a client whose every host is h.
func timed(t *testing.T, h http.HandlerFunc, test func(t *testing.T, c *Client)) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{make(chan net.Conn), make(chan struct{})}
		var serving sync.WaitGroup
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			serving.Add(1)
			defer serving.Done()
			h(w, r)
		})}
		serving.Go(func() { srv.Serve(p) })
		c := New(Options{})
		c.http.Transport.(*http.Transport).DialContext = p.dial
		test(t, c)
		c.Close()
		srv.Close()
		serving.Wait()
	})
}

func TestLosesPatience(t *testing.T) {
	drip := func(every time.Duration, start string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			for text := start; ; text = "a" {
				if _, err := conn.Write([]byte(text)); err != nil {
					return
				}
				time.Sleep(every)
			}
		}
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
	tests := []struct {
		name    string
		handler http.HandlerFunc
		says    string
		after   time.Duration
	}{
		{"nothing at all", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "silent for 20s", 20 * time.Second},
		{"a header that drips", drip(time.Second, "HTTP/1.1 200 OK\r\nX-Long: "), "silent for 20s", 20 * time.Second},
		{"a body that stops", drip(time.Hour, head), "silent for 20s", 20 * time.Second},
		{"a body that drips", drip(5*time.Second, head), "not done after 1m0s", time.Minute},
		{"redirects that take their time", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(15 * time.Second)
			http.Redirect(w, r, "/on", http.StatusFound)
		}, "not done after 1m0s", time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			timed(t, tt.handler, func(t *testing.T, c *Client) {
				began := time.Now()
				_, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
				if err == nil || !strings.HasSuffix(err.Error(), ": "+tt.says) || time.Since(began) != tt.after {
					t.Errorf("after %v: got %v, want %s after %v", time.Since(began), err, tt.says, tt.after)
				}
			})
		})
	}
}

func TestASlowDocumentIsRead(t *testing.T) {
	handler := func(w http.ResponseWriter, _ *http.Request) {
		for range 5 {
			w.Write([]byte("a"))
			http.NewResponseController(w).Flush()
			time.Sleep(11 * time.Second) // 55 s in all
		}
	}
	timed(t, handler, func(t *testing.T, c *Client) {
		if got, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err != nil || string(got.Body) != "aaaaa" {
			t.Errorf("got %q, %v", got.Body, err)
		}
	})
}

// Waiting for the turn does not count as slowness of the document.
func TestOneRequestAtATimeToAHost(t *testing.T) {
	var now, most, all atomic.Int32
	handler := func(http.ResponseWriter, *http.Request) {
		all.Add(1)
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(19 * time.Second)
		now.Add(-1)
	}
	timed(t, handler, func(t *testing.T, c *Client) {
		var asking sync.WaitGroup
		began := time.Now()
		for _, at := range []string{"http://a.example/1", "http://a.example/2", "http://A.EXAMPLE:80/3", "http://a.example./4", "http://a.example/5"} {
			asking.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: at}); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		if took := time.Since(began); most.Load() != 1 || all.Load() != 5 || took != 5*19*time.Second {
			t.Errorf("%d requests, %d at once, in %v; want 5, 1, 95s", all.Load(), most.Load(), took)
		}
		if n := len(c.turns.hosts); n != 0 {
			t.Errorf("%d hosts are remembered after the last request", n)
		}
	})
}

func TestHostsDoNotWaitForEachOther(t *testing.T) {
	handler := func(http.ResponseWriter, *http.Request) { time.Sleep(19 * time.Second) }
	timed(t, handler, func(t *testing.T, c *Client) {
		var asking sync.WaitGroup
		began := time.Now()
		for _, at := range []string{"http://a.example/", "http://b.example/", "http://a.example:8080/"} {
			asking.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: at}); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		if took := time.Since(began); took != 19*time.Second {
			t.Errorf("took %v, want 19s", took)
		}
	})
}

func TestWaitingForTheTurnEndsWithItsContext(t *testing.T) {
	handler := func(http.ResponseWriter, *http.Request) { time.Sleep(19 * time.Second) }
	timed(t, handler, func(t *testing.T, c *Client) {
		var first sync.WaitGroup
		first.Go(func() { c.Get(t.Context(), Request{URL: "http://a.example/"}) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := c.Get(ctx, Request{URL: "http://a.example/"}); err == nil || !strings.HasSuffix(err.Error(), context.DeadlineExceeded.Error()) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v, want 1s", took)
		}
		first.Wait()
	})
}

// A failed request must not keep the host's turn.
func TestTurnIsGivenBack(t *testing.T) {
	c := New(Options{})
	t.Cleanup(c.Close)
	for range 3 {
		if _, err := c.Get(t.Context(), Request{URL: "http://127.0.0.1:1/"}); err == nil {
			t.Fatal("nobody answered")
		}
	}
	if n := len(c.turns.hosts); n != 0 {
		t.Errorf("%d hosts are remembered", n)
	}
}

func TestHost(t *testing.T) {
	for address, want := range map[string]string{
		"http://A.example/": "a.example", "https://a.example:443/": "a.example", "http://a.example.:80": "a.example",
		"http://a.example:8080/": "a.example:8080", "http://[::1]:9/": "::1:9", "http://ana:x@a.example/": "a.example",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := host(u); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}
