package gdelt

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
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
	config := Config{URL: at, Languages: []string{"es", "pt", "en"}, Every: 20 * time.Millisecond, Past: reach}
	c := New(config, client)
	if span != nil {
		c = Backfill(config, client, span.From, span.To).(*Collector)
	}
	c.s.Now = func() time.Time { return noon }
	c.s.Pace, c.a.pace = time.Millisecond, 0
	return c
}

var brands = []collectors.Query{
	{Brand: "Delta", Any: []string{"Delta", "Delta Air Lines"}, Near: []string{"airline", "aerolínea"}, Not: []string{"river delta"}},
	{Brand: "Zeta", Any: []string{"Zeta"}, Languages: []string{"en"}},
}

const day = 24 * time.Hour

func articles() []text {
	return []text{
		{"present", 15 * time.Minute, "Delta again", "airline", "English"},
		{"old", 89 * day, "Delta admite fuga", "la aerolínea dijo", "Spanish"},
		{"body", 60 * day, "Markets fall", "the airline Delta and Zeta", "English"}, // two brands, none in the title
		{"context", 50 * day, "Delta variant", "a virus", "English"},
		{"excluded", 40 * day, "A river delta and an airline", "", "English"},
		{"language", 30 * day, "Delta airline", "", "German"},
		{"both", 20 * day, "Delta Air Lines", "an airline", "English"}, // by two names
		{"zeta", 3 * day, "Zeta", "", "English"},
		{"zeta-es", 3 * day, "Zeta", "", "Spanish"},
		{"before", 91 * day, "Delta airline", "", "English"},
	}
}

func world(t *testing.T, h http.Handler, span *search.Stretch) collectortest.World {
	at := serve(t, h)
	all := articles()
	w := collectortest.World{
		New:       func() collectors.Collector { return hasty(t, at, span) },
		Impatient: func() collectors.Collector { return asking(t, collectortest.Impatience, at, span) },
		At:        func(server string) collectors.Collector { return hasty(t, server, span) },
		Want:      collectors.Wanted{Queries: brands, Names: func([]byte) bool { return false }}, // is not asked
		Ends:      span != nil, Dropped: map[collectors.Reason]int{},
		Posts: []collectors.Post{all[0].post("Delta"), all[1].post("Delta"), all[2].post("Delta"), all[2].post("Zeta"), all[6].post("Delta"), all[7].post("Zeta")},
	}
	if span != nil {
		w.Posts = slices.DeleteFunc(w.Posts, func(p collectors.Post) bool { return p.Created.Before(span.From) || !p.Created.Before(span.To) })
	}
	return w
}

func TestContract(t *testing.T) {
	for name, span := range map[string]*search.Stretch{
		"for ever": nil,
		"backfill": {From: noon.Add(-61 * day), To: noon.Add(-day)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			collectortest.Check(t, collectortest.Source{HTTP: true, World: func(t *testing.T, wrap func(http.Handler) http.Handler) collectortest.World {
				return world(t, wrap(&fake{articles: articles()}), span)
			}})
		})
	}
}

// once collects a span without waiting.
func once(t *testing.T, f *fake, from, to time.Time, q ...collectors.Query) (*collectortest.Recorder, error) {
	t.Helper()
	c := hasty(t, serve(t, f), &search.Stretch{From: from, To: to})
	skip := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	c.s.Wait, c.a.wait = skip, skip
	var rec collectortest.Recorder
	return &rec, collectortest.Run(t, c, "", collectors.Wanted{Queries: q}, &rec, nil)
}

// burst is n articles within an hour, seen at so many quarters of it.
func burst(n, quarters int) *fake {
	f := &fake{}
	for i := range n {
		ago := 30*time.Hour - time.Duration(i%quarters)*15*time.Minute
		f.articles = append(f.articles, text{"b" + strconv.Itoa(i), ago, "Delta", "an airline", "Spanish"})
	}
	return f
}

func TestMonthsWithMoreArticlesThanAnAnswerHolds(t *testing.T) {
	f := &fake{}
	for i := range 1500 {
		f.articles = append(f.articles, text{"a" + strconv.Itoa(i), time.Duration(i+2) * time.Hour, "Delta", "", "Spanish"})
	}
	rec, err := once(t, f, noon.Add(-80*day), noon, collectors.Query{Brand: "Delta", Any: []string{"Delta"}})
	if err != nil {
		t.Fatal(err)
	}
	all := rec.Batches()
	if n := distinct(rec); n != 1500 || len(f.queries) > 40 {
		t.Errorf("%d of 1500 articles in %d requests", n, len(f.queries))
	}
	if until := all[len(all)-1].Until; !until.Equal(noon.Add(-2 * time.Hour)) {
		t.Errorf("complete until %s, want two hours ago: GDELT is late", until)
	}
}

func TestHourWithMoreArticlesThanAnAnswerHolds(t *testing.T) {
	for _, tt := range []struct {
		name                     string
		articles, quarters, want int
		lost                     bool
	}{
		{"both ends meet", 400, 4, 400, false},
		{"both ends do not meet", 600, 4, 500, true},
		{"all at one time, of which nobody knows the order", 400, 1, 250, true},
	} {
		rec, err := once(t, burst(tt.articles, tt.quarters), noon.Add(-40*time.Hour), noon, collectors.Query{Brand: "Delta", Any: []string{"Delta"}})
		if err != nil {
			t.Fatal(err)
		}
		lost := false
		for _, b := range rec.Batches() {
			for _, trouble := range b.Troubles {
				lost = lost || strings.HasPrefix(trouble.Why, `gdelt: "Delta (sourcelang:spanish OR sourcelang:portuguese OR sourcelang:english)": more than `)
			}
		}
		if n := distinct(rec); n < tt.want || n > tt.articles || lost != tt.lost {
			t.Errorf("%s: %d articles, loss said %v; want %d, %v", tt.name, n, lost, tt.want, tt.lost)
		}
	}
}

func distinct(rec *collectortest.Recorder) int {
	known := map[string]bool{}
	for _, p := range rec.Posts() {
		known[p.Native] = true
	}
	return len(known)
}

func TestErrorsInPlainText(t *testing.T) {
	delta := collectors.Query{Brand: "Delta", Any: []string{"Delta"}}
	_, err := once(t, &fake{said: "Please limit requests to one every 5 seconds or contact us."}, noon.Add(-day), noon, delta)
	limit, ok := errors.AsType[*collectors.Throttled](err)
	if !ok || time.Until(limit.Until) < 50*time.Second || time.Until(limit.Until) > time.Minute {
		t.Errorf("asked too often: got %v, want to be throttled for a minute", err)
	}
	_, err = once(t, &fake{said: "An internal error occurred"}, noon.Add(-day), noon, delta)
	if want := ": says: An internal error occurred"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	rec, err := once(t, &fake{articles: articles()}, noon.Add(-30*day), noon, collectors.Query{Brand: "The", Any: []string{"the x"}},
		collectors.Query{Brand: "Zeta", Any: []string{"Zeta"}})
	want := `gdelt: "\"the x\" (sourcelang:spanish OR sourcelang:portuguese OR sourcelang:english)": refuses the query: ` +
		`One or more of your keywords were too short, too long or too common: ("the x" (sourcelang:spanish OR sourcelang:portuguese OR sourcelang:english)): needs the operator`
	if err == nil || err.Error() != want || distinct(rec) != 2 {
		t.Errorf("a name it does not take: got %v and %d articles of the other brand, want\n%s and 2", err, distinct(rec), want)
	}
}

func TestOneRequestInFiveSeconds(t *testing.T) {
	f := burst(600, 4) // so that an hour is asked for from both ends
	var now atomic.Int64
	var asked []time.Duration // after noon
	c := hasty(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, time.Duration(now.Load()))
		f.ServeHTTP(w, r)
	})), nil)
	wait := func(ctx context.Context, d time.Duration) error {
		if now.Add(int64(d)) > int64(time.Hour) {
			return context.Canceled
		}
		return ctx.Err()
	}
	usual := New(c.a.c, c.a.client)
	c.s.Pace, c.a.pace, c.s.Every = usual.s.Pace, usual.a.pace, 15*time.Minute
	c.s.Now = func() time.Time { return noon.Add(time.Duration(now.Load())) }
	c.s.Wait, c.a.wait = wait, wait
	err := c.s.Collect(t.Context(), "", collectors.Wanted{Queries: brands}, new(collectortest.Recorder).Deliver)
	if !errors.Is(err, context.Canceled) || len(asked) < 30 {
		t.Fatalf("%d requests, then %v", len(asked), err)
	}
	last := time.Duration(0) // the start: a process restarted for ever must not ask faster
	for i, at := range asked {
		if at-last < 5*time.Second {
			t.Errorf("request %d came %v after the one before", i, at-last)
		}
		last = at
	}
}

func TestSampleIsTheDefault(t *testing.T) {
	var got Config
	if err := yaml.Load([]byte(Sample), &got, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	want := Default()
	if got.URL != want.URL || !slices.Equal(got.Languages, want.Languages) || got.Every != want.Every || got.Past != want.Past {
		t.Errorf("sample %+v, default %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
}

func TestCheckNamesTheKey(t *testing.T) {
	for want, broken := range map[string]func(*Config){
		"url: gdelt is not an http:// or https:// address":              func(c *Config) { c.URL = "gdelt" },
		`languages: "tlh" is none that GDELT knows, such as es, pt, en`: func(c *Config) { c.Languages = []string{"es", "tlh"} },
		"languages: 6 are more than 5; none means all":                  func(c *Config) { c.Languages = make([]string, 6) },
		"every: 14m0s is shorter than 15m, in which GDELT has news":     func(c *Config) { c.Every = 14 * time.Minute },
		"past: -1s is not between 0s and 2160h0m0s":                     func(c *Config) { c.Past = -time.Second },
		"past: 2161h0m0s is not between 0s and 2160h0m0s":               func(c *Config) { c.Past = 2161 * time.Hour },
	} {
		c := Default()
		broken(&c)
		if err := c.Check(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
