package bluesky

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

func world(t *testing.T, wrap func(http.Handler) http.Handler) collectortest.World {
	reply := wanted(3, "¿Y mis datos?")
	reply.Form = collectors.FormReply
	linked := wanted(4, "Miren esto")
	linked.Links = []string{"https://delta.example/aviso"}
	edited := wanted(5, "corregido")
	f := &fake{events: []string{
		created(1, "Delta perdió mis datos", ""),
		`{"did":"did:plc:ana","time_us":1790000001500000,"kind":"commit","commit":{"rev":"3kz0001","operation":"create","collection":"app.bsky.feed.like","rkey":"l","record":{"text":"Delta"}}}`,
		created(2, "", ""), // a picture alone
		created(3, reply.Text, `,"reply":{"root":{},"parent":{}}`),
		created(4, linked.Text, `,"facets":[{"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://delta.example/aviso"}]}],"embed":{"external":{"uri":"https://delta.example/aviso"}}`),
		strings.Replace(created(5, edited.Text, ""), `"create"`, `"update"`, 1),
		deleted(6, "r0"),
		accountEvent(7, "did:plc:eva", `"active":false,"status":"deactivated"`),
		accountEvent(8, "did:plc:eva", `"active":true`),
		accountEvent(9, "did:plc:leo", `"active":false,"status":"deleted"`),
		accountEvent(10, "did:plc:tom", `"active":true`),
		accountEvent(11, "did:plc:tom", `"active":false,"status":"takendown"`),
		`{"did":"did:plc:ana","time_us":1790000012000000,"kind":"identity","identity":{"did":"did:plc:ana"}}`,
		`{"did":"did:plc:ana","time_us":1790000013000000,"kind":"commit","commit":{"rev":"3kz","operation":"vanish","collection":"app.bsky.feed.post","rkey":"x"}}`,
		created(14, "por fin", ""),
	}}
	address := serve(t, wrap(f)) + "?key=canary-7431"
	return collectortest.World{
		New:    func() collectors.Collector { return collector(address) },
		Secret: "canary-7431",
		At: func(server string) collectors.Collector {
			return collector("ws" + strings.TrimPrefix(server, "http") + "/subscribe?key=canary-7431")
		},
		Impatient: func() collectors.Collector {
			c := collector(address)
			c.dialling, c.c.Idle = collectortest.Impatience, collectortest.Impatience
			return c
		},
		Posts: []collectors.Post{wanted(1, "Delta perdió mis datos"), reply, linked, edited, wanted(14, "por fin")},
		Gone: []collectors.Gone{{Native: "did:plc:ana/r0"}, {Author: "did:plc:eva", Hidden: true}, {Author: "did:plc:leo"},
			{Author: "did:plc:tom", Hidden: true}},
		Back:    []string{"did:plc:eva", "did:plc:tom"},
		Edited:  []string{edited.Native},
		Dropped: map[collectors.Reason]int{collectors.NoText: 1, collectors.Undecodable: 1},
	}
}

func TestContract(t *testing.T) {
	collectortest.Check(t, collectortest.Source{World: world, HTTP: true})
}

func TestRecordedEvents(t *testing.T) {
	address := serve(t, &fake{events: lines(t, "../../../shared/data/recordings/bluesky/expected_v1.jsonl")})
	for _, compress := range []bool{false, true} {
		c := New(Config{URLs: []string{address}, Compress: compress, Replay: 24 * time.Hour, Idle: time.Minute}, "confianza/test")
		c.now = func() time.Time { return time.Date(2026, 7, 4, 15, 0, 0, 0, time.UTC) }
		var rec collectortest.Recorder
		// The recording holds 17 creates of posts, 16 with a text, one delete
		// and one account made active.
		counts := func(r *collectortest.Recorder) (posts, gone, back int) {
			for _, b := range r.Batches() {
				posts, gone, back = posts+len(b.Posts), gone+len(b.Gone), back+len(b.Back)
			}
			return posts, gone, back
		}
		done := func(r *collectortest.Recorder) bool { _, _, back := counts(r); return back > 0 }
		err := collectortest.Run(t, c, "", collectors.Wanted{}, &rec, done)
		posts, gone, back := counts(&rec)
		if none := rec.Dropped()[collectors.NoText]; posts != 16 || none != 1 || gone != 1 || back != 1 {
			t.Errorf("compress %v: %d posts, %d without text, %d gone, %d back (%v); want 16, 1, 1, 1", compress, posts, none, gone, back, err)
		}
	}
}

func TestSilenceIsAnError(t *testing.T) {
	c := collector(serve(t, &fake{mute: true}))
	c.c.Idle = 50 * time.Millisecond
	err := collectortest.Run(t, c, "", collectors.Wanted{}, new(collectortest.Recorder), nil)
	if err == nil || !strings.HasSuffix(err.Error(), ": silent for 50ms") {
		t.Errorf("got %v", err)
	}
}

func TestAnotherInstanceGoesOn(t *testing.T) {
	events := []string{created(1, "uno", ""), created(2, "dos", ""), created(3, "tres", "")}
	cut, well := serve(t, &fake{events: events, cut: 2}), serve(t, &fake{events: events})
	var rec collectortest.Recorder
	got := func(r *collectortest.Recorder) map[string]int {
		texts := map[string]int{}
		for _, p := range r.Posts() {
			texts[p.Text]++
		}
		return texts
	}
	err := collectortest.Run(t, collector(cut, well), "", collectors.Wanted{}, &rec,
		func(r *collectortest.Recorder) bool { return got(r)["tres"] > 0 })
	// The second instance starts some seconds earlier: its clock is another.
	if want := map[string]int{"uno": 2, "dos": 2, "tres": 1}; !maps.Equal(got(&rec), want) {
		t.Errorf("got %v (%v), want %v", got(&rec), err, want)
	}
	batches := rec.Batches()
	if last := batches[len(batches)-1]; len(last.Troubles) != 1 || !strings.HasPrefix(last.Troubles[0].Why, "bluesky: ws://127.0.0.1") {
		t.Errorf("troubles %q", last.Troubles)
	}
	if want := "1790000003000000@" + hostOf(well); string(rec.Cursor()) != want {
		t.Errorf("cursor %s, want %s", rec.Cursor(), want)
	}
}

// A gap longer than what an instance keeps is not called listening.
func TestCoverageStartsWhereEventsStart(t *testing.T) {
	for age, want := range map[time.Duration]time.Time{
		time.Hour:      fixtureTime.Add(-time.Hour), // the cursor
		72 * time.Hour: fixtureTime.Add(time.Second),
	} {
		address := serve(t, &fake{events: []string{created(1, "uno", "")}})
		from := place{micros: fixtureTime.Add(-age).UnixMicro(), host: hostOf(address)}.cursor()
		var rec collectortest.Recorder
		collectortest.Run(t, collector(address), from, collectors.Wanted{}, &rec,
			func(r *collectortest.Recorder) bool { return len(r.Batches()) > 0 })
		if got := rec.Batches()[0].Since; !got.Equal(want) {
			t.Errorf("cursor %v old: since %v, want %v", age, got, want)
		}
	}
}

func TestErrorsKeepCredentials(t *testing.T) {
	err := collectortest.Run(t, collector("ws://ana:hunter2@127.0.0.1:1/subscribe?key=hunter2"), "", collectors.Wanted{}, new(collectortest.Recorder), nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") || errors.Is(err, collectors.ErrRejected) {
		t.Errorf("got %v", err)
	}
}

func TestSampleIsTheDefault(t *testing.T) { collectortest.Sample(t, Sample, Default()) }

func TestCheckNamesTheKey(t *testing.T) {
	collectortest.Mistakes(t, Default(), map[string]func(*Config){
		"urls: at least one Jetstream instance is needed":         func(c *Config) { c.URLs = nil },
		"urls: http://x.example is not a ws:// or wss:// address": func(c *Config) { c.URLs = []string{"http://x.example"} },
		"replay: -1s is negative":                                 func(c *Config) { c.Replay = -time.Second },
		"idle: 1ms is shorter than 1s":                            func(c *Config) { c.Idle = time.Millisecond },
	})
}

// Jetstream may pass over an event while a replay changes to live: a second
// look finds it, and is not made twice.
func TestSecondLookFindsWhatTheFirstPassedOver(t *testing.T) {
	var connections atomic.Int32
	all := []string{created(1, "uno", ""), created(2, "dos", ""), created(3, "tres", "")}
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := &fake{events: all}
		if connections.Add(1) == 1 {
			f.events = []string{all[0], all[2]}
		}
		f.ServeHTTP(w, r)
	}))
	c := collector(address)
	c.now = func() time.Time { return fixtureTime.Add(4 * time.Second) }
	c.settle = 10 * time.Millisecond
	var rec collectortest.Recorder
	err := collectortest.Run(t, c, "", collectors.Wanted{}, &rec, func(r *collectortest.Recorder) bool {
		return len(r.Posts()) == 5 // two, and then all three
	})
	texts := map[string]int{}
	for _, p := range rec.Posts() {
		texts[p.Text]++
	}
	if want := map[string]int{"uno": 2, "dos": 1, "tres": 2}; !maps.Equal(texts, want) || connections.Load() != 2 {
		t.Errorf("got %v over %d connections (%v), want %v over 2", texts, connections.Load(), err, want)
	}
	read := 0
	for _, b := range rec.Batches() {
		read += b.Read
	}
	if read != 2 {
		t.Errorf("%d posts counted as examined, want the 2 of the first connection", read)
	}
}

func TestSecondLookMayFail(t *testing.T) {
	var connections atomic.Int32
	f := &fake{events: []string{created(1, "uno", "")}}
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if connections.Add(1) > 1 {
			http.Error(w, "one is enough", http.StatusServiceUnavailable)
			return
		}
		f.ServeHTTP(w, r)
	}))
	c := collector(address)
	c.now = func() time.Time { return fixtureTime.Add(2 * time.Second) }
	c.settle = 10 * time.Millisecond
	var rec collectortest.Recorder
	err := collectortest.Run(t, c, "", collectors.Wanted{}, &rec, func(r *collectortest.Recorder) bool {
		return connections.Load() > 1 && len(r.Posts()) > 0
	})
	if n := len(rec.Posts()); n != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d posts and %v, want one, and that the first connection goes on", n, err)
	}
}
