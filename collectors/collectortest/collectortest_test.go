package collectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
)

// toy is a small sound source: numbered texts, two a page, the cursor being
// how many were read. Its fields break one promise each.
type toy struct {
	url, secret string

	skips     bool // starts one post too late after a restart
	deaf      bool // waits without looking at its context
	swallows  bool // goes on after a refused delivery
	leaks     bool
	tells     bool // writes its secret into errors
	spins     bool // asks again at once after an error
	forgives  bool // takes any cursor for the newest
	remembers *int // keeps its place outside the cursor
	endless   bool // delivers with a context of its own
	panics    bool
	lumps     bool // the same error for every status
	mixes     bool // delivers everything, wanted or not
	hides     bool // does not say where its errors happen
	silent    bool // takes nonsense for nothing new
	patient   bool // has no limit of time

	total time.Duration
	most  int64
}

func (c toy) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	at, err := strconv.Atoi(string(from))
	switch {
	case from == "":
		at = 0
	case c.panics && err != nil:
		panic(err)
	case c.forgives && err != nil:
		at = len(texts)
	case err != nil || at < 0:
		return fmt.Errorf("toy: cursor %q: not a number of posts", from)
	case c.skips:
		at++
	}
	if c.remembers != nil {
		at = max(at, *c.remembers)
	}
	if c.leaks {
		go http.Get(c.url)
		go func() { time.Sleep(time.Minute) }()
	}
	for {
		page, err := c.page(ctx, at)
		switch {
		case err != nil && c.spins && ctx.Err() == nil:
			continue
		case err != nil:
			return err
		}
		at += len(page)
		if len(page) > 0 {
			b := collectors.Batch{Read: len(page), Next: collectors.Cursor(strconv.Itoa(at))}
			for i, text := range page {
				if c.mixes || want.Names([]byte(text)) {
					b.Posts = append(b.Posts, toyPost(at-len(page)+i, text))
				}
			}
			if c.endless {
				err = deliver(context.WithoutCancel(ctx), b)
			} else {
				err = deliver(ctx, b)
			}
			if err != nil && !c.swallows {
				return fmt.Errorf("toy: %w", err)
			}
			if c.remembers != nil {
				*c.remembers = at
			}
			continue
		}
		if c.deaf {
			time.Sleep(3 * time.Second)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (c toy) page(ctx context.Context, at int) ([]string, error) {
	client := fetch.New(fetch.Options{Total: c.total, MaxBytes: c.most})
	defer client.Close()
	res, err := client.Get(ctx, fetch.Request{URL: fmt.Sprint(c.url, "?at=", at), Header: http.Header{"X-Key": {c.secret}}})
	switch {
	case err != nil && c.tells:
		return nil, fmt.Errorf("toy: key %s: %w", c.secret, err)
	case err != nil && c.lumps:
		return nil, errors.New(err.Error())
	case err != nil && c.hides:
		return nil, errors.New("toy: no answer")
	case err != nil:
		return nil, fmt.Errorf("toy: %w", err)
	}
	var page []string
	if err := json.Unmarshal(res.Body, &page); err != nil && !c.silent {
		return nil, fmt.Errorf("toy: %s: %w", c.url, err)
	}
	return page, nil
}

var texts = []string{"uno", "dos", "tres", "cuatro", "cinco"}

func toyPost(n int, text string) collectors.Post {
	return collectors.Post{Native: strconv.Itoa(n), Text: text, Seen: time.Unix(int64(n+1), 0)}
}

// toys is the toy's source; break sets what is wrong with it.
func toys(wrong func(*toy)) Source {
	return Source{HTTP: true, World: func(t *testing.T, wrap func(http.Handler) http.Handler) World {
		srv := httptest.NewServer(wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at, _ := strconv.Atoi(r.FormValue("at"))
			json.NewEncoder(w).Encode(texts[min(at, len(texts)):min(at+2, len(texts))])
		})))
		t.Cleanup(srv.Close)
		c := toy{url: srv.URL, secret: "canary-7431"}
		wrong(&c)
		w := World{New: func() collectors.Collector { return c }, Secret: c.secret}
		w.At = func(server string) collectors.Collector {
			c := c
			c.url = server
			return c
		}
		w.Impatient = func() collectors.Collector {
			c := c
			if !c.patient {
				c.total = Impatience
			}
			return c
		}
		for n, text := range texts {
			w.Posts = append(w.Posts, toyPost(n, text))
		}
		return w
	}}
}

func TestASoundSourceKeepsEveryPromise(t *testing.T) {
	Check(t, toys(func(*toy) {}))
}

func TestBrokenPromisesAreFound(t *testing.T) {
	tests := []struct {
		name  string
		wrong func(*toy)
		in    string // the promise that finds it
		says  string
	}{
		{"a post is skipped after a restart", func(c *toy) { c.skips = true }, "goes on", `was not delivered`},
		{"refused delivery is ignored", func(c *toy) { c.swallows = true }, "stops when delivery", "refused"},
		{"the cursor is not all there is", func(c *toy) { c.remembers = new(int) }, "collects again", "not delivered"},
		{"goroutines are left", func(c *toy) { c.leaks = true }, "delivers", "goroutines"},
		{"any cursor is taken for now", func(c *toy) { c.forgives = true }, "meets a cursor", "gave up"},
		{"a strange cursor panics", func(c *toy) { c.panics = true }, "meets a cursor", "panic"},
		{"delivery is not told to stop", func(c *toy) { c.endless = true }, "stops while", "still collecting"},
		{"waiting is not told to stop", func(c *toy) { c.deaf = true }, "stops when its", "still collecting"},
		{"all is delivered though nothing is wanted", func(c *toy) { c.mixes = true }, "moves on", "nothing is wanted"},
		{"rejection is not told apart", func(c *toy) { c.lumps = true }, "meets a server that rejects", "ErrRejected"},
		{"the time to come back is not told", func(c *toy) { c.lumps = true }, "meets a server that is asked", "Throttled"},
		{"the server is asked in a loop", func(c *toy) { c.spins = true }, "meets a broken", "requests"},
		{"an error does not say where", func(c *toy) { c.hides = true }, "meets a broken server", "does not name"},
		{"nonsense is nothing new", func(c *toy) { c.silent = true }, "meets a page", "neither an error"},
		{"a server is waited for without end", func(c *toy) { c.patient = true }, "meets headers that drip", "gave up"},
		{"everything is read into memory", func(c *toy) { c.most = 4 << 30 }, "meets 2 GB", "MiB of memory"},
		{"the secret is told", func(c *toy) { c.tells = true }, "meets a broken", "secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // most of them wait for something that does not come
			err := find(t, tt.in)(hurried(toys(tt.wrong)))
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
		})
	}
}

func hurried(s Source) Source {
	world := s.World
	s.World = func(t *testing.T, wrap func(http.Handler) http.Handler) World {
		w := world(t, wrap)
		w.limits = limits{2 * time.Second, time.Second}
		return w
	}
	return s
}

// find is the promise or fault whose name begins so.
func find(t *testing.T, name string) func(Source) error {
	for _, p := range promises {
		if strings.HasPrefix(p.name, name) {
			return func(s Source) error { return p.broken(t.Context(), s.World(t, asIs)) }
		}
	}
	for _, f := range slices.Concat(polite, rude, unreachable(t)) {
		if strings.HasPrefix("meets "+f.name, name) {
			return func(s Source) error {
				g := newGate(t)
				return meets(t.Context(), f, g, s.World(t, g.wrap))
			}
		}
	}
	t.Fatalf("no promise %q", name)
	return nil
}

func TestUnsoundBatchesAreFound(t *testing.T) {
	post := func(change func(*collectors.Post)) collectors.Batch {
		p := toyPost(1, "uno")
		change(&p)
		return collectors.Batch{Posts: []collectors.Post{p}}
	}
	now := time.Unix(1000, 0)
	tests := []struct {
		name  string
		batch collectors.Batch
		says  string
	}{
		{"no id", post(func(p *collectors.Post) { p.Native = "" }), "no Native"},
		{"no text", post(func(p *collectors.Post) { p.Text = " \n" }), "no text"},
		{"text that is not UTF-8", post(func(p *collectors.Post) { p.Text = "a\xff" }), "not UTF-8"},
		{"no time", post(func(p *collectors.Post) { p.Seen = time.Time{} }), "neither"},
		{"an address nobody can open", post(func(p *collectors.Post) { p.URL = "javascript:alert(1)" }), "address"},
		{"a form we do not have", post(func(p *collectors.Post) { p.Form = "tweet" }), "form"},
		{"time that runs backwards", collectors.Batch{Since: now, Until: now.Add(-1)}, "before"},
		{"half a stretch", collectors.Batch{Until: now}, "missing"},
		{"a reason we do not have", collectors.Batch{Dropped: map[collectors.Reason]int{"bored": 1}}, "bored"},
		{"a removal of nothing", collectors.Batch{Gone: []collectors.Gone{{Hidden: true}}}, "exactly one"},
		{"a cursor of bytes", collectors.Batch{Next: "\xff"}, "cursor"},
		{"a secret in a cursor", collectors.Batch{Next: "key=canary"}, "secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rec Recorder
			if err := rec.Deliver(t.Context(), tt.batch); err != nil {
				t.Fatal(err)
			}
			err := World{Secret: "canary"}.sound(&rec)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
		})
	}
}
