package collectortest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// serving answers instead of the sound server, or through it.
type serving func(g *gate, w http.ResponseWriter, r *http.Request)

func answer(status int, header ...string) serving {
	return func(_ *gate, w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// comeBackAt asks to be left alone for so long with a date, by a clock that is
// off by so much.
func comeBackAt(in, off time.Duration) serving {
	return func(_ *gate, w http.ResponseWriter, _ *http.Request) {
		now := time.Now().Add(off).UTC()
		w.Header().Set("Date", now.Format(http.TimeFormat))
		w.Header().Set("Retry-After", now.Add(in).Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

func reset(_ *gate, w http.ResponseWriter, _ *http.Request) {
	(&tap{ResponseWriter: w, cancel: func() {}}).reset()
}

func truncate(_ *gate, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	w.Write([]byte(`{"posts": [{"id": "1", "te`))
}

// cut resets the connection after so many bytes of a sound answer.
func cut(after int) serving {
	return func(g *gate, w http.ResponseWriter, r *http.Request) {
		g.through(w, r, func(t *tap, p []byte) (int, error) {
			if t.sent+len(p) < after {
				return t.pass(p)
			}
			n, _ := t.pass(p[:max(after-t.sent, 0)])
			t.reset()
			return n, errors.New("cut")
		})
	}
}

// dripping sends a sound answer a byte at a time from some byte on, slower than it
// could ever end.
func dripping(from int) serving {
	return func(g *gate, w http.ResponseWriter, r *http.Request) {
		g.through(w, r, func(t *tap, p []byte) (int, error) {
			for n := range p {
				if t.sent >= from && !rest(r.Context(), t.over) {
					return n, errors.New("over")
				}
				if _, err := t.pass(p[n : n+1]); err != nil {
					t.cancel()
					return n, err
				}
			}
			return len(p), nil
		})
	}
}

// rest waits for a moment; false when there is nobody to wait for any more.
func rest(ctx context.Context, over <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-over:
		return false
	case <-time.After(30 * time.Millisecond):
		return true
	}
}

// dripHeaders never comes to the end of its headers.
func dripHeaders(g *gate, w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	for next := "HTTP/1.1 200 OK\r\nX-Slow: "; rest(context.Background(), g.over); next = "a" {
		if _, err := c.Write([]byte(next)); err != nil {
			return
		}
	}
}

func hang(g *gate, _ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-g.over:
	}
}

// mute takes what comes, and says nothing.
func mute(g *gate, w http.ResponseWriter, r *http.Request) {
	if upgrade(r) {
		if c, err := websocket.Accept(w, r, nil); err == nil {
			defer c.CloseNow()
		}
	} else {
		http.NewResponseController(w).Flush()
	}
	hang(g, w, r)
}

func upgrade(r *http.Request) bool { return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") }

// says answers with a text, on a WebSocket in one message.
func says(body string) serving {
	return func(g *gate, w http.ResponseWriter, r *http.Request) {
		if !upgrade(r) {
			w.Write([]byte(body))
			return
		}
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		if c.Write(r.Context(), websocket.MessageText, []byte(body)) == nil {
			hang(g, w, r)
		}
	}
}

// flood is what a flood has in all: more than may ever be held.
const flood = 2 << 30

// endless answers with 2 GB, on a WebSocket in one message.
func endless(_ *gate, w http.ResponseWriter, r *http.Request) {
	out := w.Write
	if upgrade(r) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		message, err := c.Writer(r.Context(), websocket.MessageText)
		if err != nil {
			return
		}
		out = message.Write
	}
	piece := bytes.Repeat([]byte(" "), 1<<16)
	for range flood / len(piece) {
		if _, err := out(piece); err != nil {
			return
		}
	}
}

// bomb is 2 GB in two megabytes of gzip.
func bomb(_ *gate, w http.ResponseWriter, _ *http.Request) {
	piece := zipped(strings.Repeat(" ", 1<<20))
	w.Header().Set("Content-Encoding", "gzip")
	for range flood >> 20 {
		if _, err := w.Write(piece); err != nil {
			return
		}
	}
}

func zipped(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s)) // into memory, which takes everything
	z.Close()
	return b.Bytes()
}

// halfZipped answers with the first part of a compressed document.
func halfZipped(_ *gate, w http.ResponseWriter, _ *http.Request) {
	b := zipped(strings.Repeat(`{"text": "uno"}`, 1000) + fmt.Sprint(time.Now()))
	w.Header().Set("Content-Encoding", "gzip")
	w.Write(b[:len(b)-20])
}

// mangled spoils every letter that UTF-8 writes in two bytes.
func mangled(g *gate, w http.ResponseWriter, r *http.Request) {
	g.through(w, r, func(t *tap, p []byte) (int, error) {
		spoilt := bytes.Clone(p)
		for n := 1; n < len(p); n++ {
			if p[n-1] == 0xC3 && p[n] >= 0x80 && p[n] < 0xC0 {
				spoilt[n] = 0xFF
			}
		}
		return t.pass(spoilt)
	})
}

// oddClock is the sound server with a clock that is off by so much.
func oddClock(off time.Duration) serving {
	return func(g *gate, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		g.sound.ServeHTTP(w, r)
	}
}

func toItself(g *gate, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", r.URL.RequestURI())
	w.WriteHeader(http.StatusFound)
}

func toAnother(g *gate, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", g.elsewhere+"/there")
	w.WriteHeader(http.StatusTemporaryRedirect)
}
