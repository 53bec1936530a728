package feeds

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
	"confianza/collectors/fetch"
)

// publish serves the fixtures, with the tags a good server gives.
func publish(t *testing.T, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(filepath.Join("testdata", filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		tag := sha256.Sum256(body)
		w.Header().Set("ETag", strconv.Quote(hash(string(tag[:]))))
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(body)))
	})))
	t.Cleanup(srv.Close)
	return srv.URL
}

// hasty polls as often as no configuration may.
func hasty(t *testing.T, urls ...string) *Collector {
	t.Helper()
	return polling(t, 0, urls...)
}

// polling is hasty, and waits for an answer for no longer than limit; 0 means
// as long as usual.
func polling(t *testing.T, limit time.Duration, urls ...string) *Collector {
	t.Helper()
	client := fetch.New(fetch.Options{Total: limit})
	t.Cleanup(client.Close)
	return New(Config{URLs: urls, Every: 20 * time.Millisecond}, client)
}

func world(t *testing.T, wrap func(http.Handler) http.Handler, names ...string) collectortest.World {
	at := publish(t, wrap)
	secret := strings.Replace(at, "http://", "http://ana:canary-7431@", 1) + "/"
	w := collectortest.World{Secret: "canary-7431", Dropped: map[collectors.Reason]int{}}
	var urls []string
	for _, name := range names {
		urls = append(urls, secret+name+"?key=canary-7431")
		w.Posts = append(w.Posts, articles(at)[name]...)
		if name == "rss.es.xml" {
			w.Dropped = map[collectors.Reason]int{collectors.NoText: 1, collectors.NoID: 1}
		}
	}
	w.New = func() collectors.Collector { return hasty(t, urls...) }
	w.Impatient = func() collectors.Collector { return polling(t, collectortest.Impatience, urls...) }
	w.At = func(server string) collectors.Collector { return hasty(t, server+"/feed?key=canary-7431") }
	return w
}

func TestContract(t *testing.T) {
	for name, files := range map[string][]string{
		"one feed":    {"rss.es.xml"},
		"every shape": {"rss.es.xml", "atom.en.xml", "rdf.xml", "feed.json"},
		"some broken": {"broken.xml", "atom.en.xml", "absent.xml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			collectortest.Check(t, collectortest.Source{HTTP: true, World: func(t *testing.T, wrap func(http.Handler) http.Handler) collectortest.World {
				return world(t, wrap, files...)
			}})
		})
	}
}

func TestBrokenFeedsAreNamedWhileOthersGoOn(t *testing.T) {
	at := publish(t, func(h http.Handler) http.Handler { return h })
	c := hasty(t, at+"/broken.xml?key=canary", at+"/atom.en.xml", at+"/absent.xml", "http://127.0.0.1:1/feed")
	var rec collectortest.Recorder
	troubles := func(r *collectortest.Recorder) []collectors.Trouble {
		b := r.Batches()
		return b[len(b)-1].Troubles
	}
	collectortest.Run(t, c, "", collectors.Wanted{}, &rec,
		func(r *collectortest.Recorder) bool { return len(r.Posts()) == 2 && len(troubles(r)) == 3 })
	want := []collectors.Trouble{
		{Cause: collectors.CauseUnreadable, Why: "feeds: " + at + "/broken.xml?key=…: XML damaged in line 14"},
		{Cause: collectors.CauseMissing, Why: "feeds: fetch: " + at + "/absent.xml: 404 Not Found"},
		{Cause: collectors.CauseUnreachable, Why: "feeds: fetch: http://127.0.0.1:1/feed: dial tcp 127.0.0.1:1: connect: connection refused"},
	}
	if got := troubles(&rec); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestDocumentTooLargeIsATrouble(t *testing.T) {
	at := publish(t, func(h http.Handler) http.Handler { return h })
	client := fetch.New(fetch.Options{MaxBytes: 100})
	t.Cleanup(client.Close)
	c := New(Config{URLs: []string{at + "/atom.en.xml"}, Every: time.Minute}, client)
	err := collectortest.Run(t, c, "", collectors.Wanted{}, new(collectortest.Recorder), nil)
	if want := "feeds: fetch: " + at + "/atom.en.xml: larger than 100 bytes"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOnlyWhatChangedIsAskedFor(t *testing.T) {
	var full, same atomic.Int32
	at := publish(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == "" {
				full.Add(1)
			} else {
				same.Add(1)
			}
			if !strings.Contains(r.Header.Get("Accept"), "application/rss+xml") {
				t.Errorf("accepts %q", r.Header.Get("Accept"))
			}
			h.ServeHTTP(w, r)
		})
	})
	var first, second collectortest.Recorder
	collectortest.Run(t, hasty(t, at+"/feed.json"), "", collectors.Wanted{}, &first,
		func(r *collectortest.Recorder) bool { return len(r.Batches()) > 3 })
	collectortest.Run(t, hasty(t, at+"/feed.json"), first.Cursor(), collectors.Wanted{}, &second,
		func(r *collectortest.Recorder) bool { return len(r.Batches()) > 3 })
	if full.Load() != 1 || same.Load() < 6 || len(first.Posts()) != 2 || len(second.Posts()) != 0 {
		t.Errorf("asked %d times for all, %d for news; %d and %d posts", full.Load(), same.Load(), len(first.Posts()), len(second.Posts()))
	}
}

func TestOneRequestAtATimeToAHost(t *testing.T) {
	var now, most, all atomic.Int32
	at := publish(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			all.Add(1)
			h.ServeHTTP(w, r)
		})
	})
	c := hasty(t, at+"/rss.es.xml", at+"/atom.en.xml", at+"/rdf.xml", at+"/feed.json")
	collectortest.Run(t, c, "", collectors.Wanted{}, new(collectortest.Recorder), func(*collectortest.Recorder) bool { return all.Load() > 12 })
	if most.Load() != 1 {
		t.Errorf("%d requests at once", most.Load())
	}
}

func TestClassComesThrough(t *testing.T) {
	for status, check := range map[int]func(error) bool{
		401: func(err error) bool { return errors.Is(err, collectors.ErrRejected) },
		429: func(err error) bool { _, ok := errors.AsType[*collectors.Throttled](err); return ok },
		500: func(err error) bool { return strings.HasSuffix(err.Error(), "500 Internal Server Error") },
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(srv.Close)
		var rec collectortest.Recorder
		err := collectortest.Run(t, hasty(t, srv.URL), "", collectors.Wanted{}, &rec, nil)
		if err == nil || !check(err) || len(rec.Batches()) != 0 {
			t.Errorf("%d: got %v and %d batches", status, err, len(rec.Batches()))
		}
	}
}

func TestSampleIsTheDefault(t *testing.T) { collectortest.Sample(t, Sample, Default()) }

func TestCheckNamesTheKey(t *testing.T) {
	collectortest.Mistakes(t, Default(), map[string]func(*Config){
		"urls: at least one feed is needed":                                         func(c *Config) { c.URLs = nil },
		"urls: 201 feeds are more than 200":                                         func(c *Config) { c.URLs = make([]string, 201) },
		"urls: ftp://x.example is not an http:// or https:// address":               func(c *Config) { c.URLs = []string{"ftp://ana:hunter2@x.example"} },
		"urls: https://x.example/?k=… is listed twice":                              func(c *Config) { c.URLs = []string{"https://x.example/?k=1", "https://x.example/?k=1"} },
		"urls: [address that cannot be read] is not an http:// or https:// address": func(c *Config) { c.URLs = []string{"ht!tp:hunter2"} },
		"every: 59s is shorter than 1m":                                             func(c *Config) { c.Every = 59 * time.Second },
	})
}
