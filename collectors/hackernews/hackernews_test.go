package hackernews

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"confianza/collectors"
	"confianza/collectors/collectortest"
	"confianza/collectors/fetch"
	"confianza/collectors/search"
)

// hasty stands at noon and asks as often as no configuration may.
func hasty(t *testing.T, at string, span *search.Stretch) *Collector {
	t.Helper()
	return asking(t, 0, at, span)
}

// asking is hasty, and waits for an answer for no longer than limit; 0 means
// as long as usual.
func asking(t *testing.T, limit time.Duration, at string, span *search.Stretch) *Collector {
	t.Helper()
	client := fetch.New(fetch.Options{Total: limit})
	t.Cleanup(client.Close)
	config := Config{URL: at, Every: 20 * time.Millisecond, Past: 30 * 24 * time.Hour}
	c := New(config, client)
	if span != nil {
		c = Backfill(config, client, span.From, span.To).(*Collector)
	}
	c.s.Pace, c.s.Now = time.Millisecond, func() time.Time { return noon }
	return c
}

var brands = []collectors.Query{
	{Brand: "Delta", Any: []string{"Delta", "Delta Air Lines"}, Domains: []string{"delta.example"}},
	{Brand: "Zeta", Any: []string{"Zeta"}},
}

func items() []item {
	const day = 24 * time.Hour
	return []item{
		{3, 2 * time.Minute, "Delta again", ""},
		{1, 29 * day, "Delta lost my data", ""},
		{4, 28 * day, "A notice", "https://delta.example/notice"},
		{5, 5 * day, "Delta Air Lines and Zeta leak", "https://news.example/1"},
		{6, 3 * day, "Zeta is fine", ""},
		{7, 2 * day, "deltoid muscles", ""}, // found, but nobody's name
		{8, 40 * day, "Delta before its past", ""},
	}
}

func world(t *testing.T, h http.Handler, span *search.Stretch) collectortest.World {
	at := serve(t, h)
	w := collectortest.World{
		New:       func() collectors.Collector { return hasty(t, at, span) },
		Impatient: func() collectors.Collector { return asking(t, collectortest.Impatience, at, span) },
		At:        func(server string) collectors.Collector { return hasty(t, server, span) },
		Want:      collectors.Wanted{Queries: brands, Names: named},
		Ends:      span != nil,
		Dropped:   map[collectors.Reason]int{},
	}
	for _, i := range items() {
		if i.id != 7 && i.id != 8 && (span == nil || !noon.Add(-i.ago).Before(span.From) && noon.Add(-i.ago).Before(span.To)) {
			w.Posts = append(w.Posts, i.post())
		}
	}
	return w
}

func named(text []byte) bool {
	return slices.ContainsFunc([]string{"Delta", "Zeta", "delta.example"}, func(s string) bool { return strings.Contains(string(text), s) })
}

func TestContract(t *testing.T) {
	for name, span := range map[string]*search.Stretch{
		"for ever": nil,
		"backfill": {From: noon.Add(-29*24*time.Hour - time.Hour), To: noon.Add(-24 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			collectortest.Check(t, collectortest.Source{HTTP: true, World: func(t *testing.T, wrap func(http.Handler) http.Handler) collectortest.World {
				return world(t, wrap(&fake{items: items()}), span)
			}})
		})
	}
}

func TestHourWithMoreHitsThanAnAnswerHolds(t *testing.T) {
	f := &fake{}
	for n := range 2500 { // within one hour, many in the same second
		f.items = append(f.items, item{id: n + 1, ago: 100*time.Hour + time.Duration(n%900)*4*time.Second, text: "Delta"})
	}
	c := hasty(t, serve(t, f), &search.Stretch{From: noon.Add(-720 * time.Hour), To: noon})
	c.s.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	var rec collectortest.Recorder
	want := collectors.Wanted{Queries: []collectors.Query{{Brand: "Delta", Any: []string{"Delta"}}}}
	if err := collectortest.Run(t, c, "", want, &rec, nil); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, p := range rec.Posts() {
		got[p.Native] = true
	}
	all := rec.Batches()
	if len(got) != 2500 || !all[len(all)-1].Until.Equal(noon.Add(-15*time.Minute)) {
		t.Errorf("%d of 2500 posts, complete until %s", len(got), all[len(all)-1].Until)
	}
	if n := len(f.requests); n > 40 {
		t.Errorf("%d requests for 2500 posts", n)
	}
}

func TestQuietBrandNeedsFewRequests(t *testing.T) {
	f := &fake{}
	c := hasty(t, serve(t, f), &search.Stretch{From: noon.Add(-8760 * time.Hour), To: noon})
	want := collectors.Wanted{Queries: []collectors.Query{{Brand: "Delta", Any: []string{"Delta"}}}}
	if err := collectortest.Run(t, c, "", want, new(collectortest.Recorder), nil); err != nil || len(f.requests) != 5 {
		t.Errorf("%d requests for a year, %v; want 5", len(f.requests), err)
	}
}

func TestDefaultsAreWithinTheLimits(t *testing.T) {
	if perHour := time.Hour / New(Default(), fetch.New(fetch.Options{})).s.Pace; perHour > 5000 {
		t.Errorf("%d requests an hour, the search takes 10,000", perHour)
	}
}

func TestSampleIsTheDefault(t *testing.T) {
	var got Config
	if err := yaml.Load([]byte(Sample), &got, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	if want := Default(); got != want {
		t.Errorf("sample %+v, default %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
}

func TestCheckNamesTheKey(t *testing.T) {
	for want, broken := range map[string]func(*Config){
		"url: ftp://x.example is not an http:// or https:// address": func(c *Config) { c.URL = "ftp://x.example" },
		"every: 59s is shorter than 1m":                              func(c *Config) { c.Every = 59 * time.Second },
		"past: -1s is not between 0s and 175200h0m0s":                func(c *Config) { c.Past = -time.Second },
		"past: 200000h0m0s is not between 0s and 175200h0m0s":        func(c *Config) { c.Past = 200_000 * time.Hour },
	} {
		c := Default()
		broken(&c)
		if err := c.Check(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
