package pipeline

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/analysis/match"
	"confianza/collectors"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestDoorExchangesItsBrands(t *testing.T) {
	door := NewDoor(brands(t, "Acme"))
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"its brand", "I left Acme today", []string{"Acme"}},
		{"another brand", "I left Zeta today", nil},
		{"exchanged: its brand no more", "I left Acme today", nil},
		{"exchanged: the new ones, sorted", "Zeta bought Omega", []string{"Omega", "Zeta"}},
	} {
		if strings.HasPrefix(tt.name, "exchanged") {
			door.Exchange(brands(t, "Zeta", "Omega"))
		}
		got, unknown := door.brands(&collectors.Post{Text: tt.text})
		if !slices.Equal(got, tt.want) || unknown {
			t.Errorf("%s: got %v, unknown %v; want %v", tt.name, got, unknown, tt.want)
		}
		if got := door.Names([]byte(tt.text)); got != (len(tt.want) > 0) {
			t.Errorf("%s: the cheap door says %v", tt.name, got)
		}
	}
}

func TestMappedColumnGoesBeforeTheDoor(t *testing.T) {
	door := NewDoor(brands(t, "Acme", "Zeta"))
	for _, tt := range []struct {
		name, column, text string
		want               []string
		unknown            bool
	}{
		{"no column: the door decides", "", "Acme and Zeta", []string{"Acme", "Zeta"}, false},
		{"the column decides, whatever the text says", "Zeta", "Acme is bad", []string{"Zeta"}, false},
		{"the text need not name it", "Acme", "they lost my bag", []string{"Acme"}, false},
		{"case and spaces do not matter", "  aCMe ", "", []string{"Acme"}, false},
		{"a brand nobody configured", "Omega", "Acme is bad", nil, true},
		{"a blank column names nobody", "  ", "Acme is bad", nil, true},
	} {
		got, unknown := door.brands(&collectors.Post{Brand: tt.column, Text: tt.text})
		if !slices.Equal(got, tt.want) || unknown != tt.unknown {
			t.Errorf("%s: got %v, unknown %v; want %v, %v", tt.name, got, unknown, tt.want, tt.unknown)
		}
	}
}

func TestEventTime(t *testing.T) {
	madrid := time.FixedZone("CET", 3600)
	for _, tt := range []struct {
		name                string
		created, seen, want time.Time
	}{
		{"the author's clock", noon.Add(-time.Hour), noon, noon.Add(-time.Hour)},
		{"the same moment", noon, noon, noon},
		{"an author's clock in the future", noon.Add(time.Millisecond), noon, noon},
		{"an author's clock never set", time.Time{}, noon, noon},
		{"an author's clock at 1970", time.Unix(0, 0), noon, noon},
		{"just before 1995", epoch.Add(-1), noon, noon},
		{"1995", epoch, noon, epoch},
		{"in UTC, whatever the zones", noon.In(madrid), noon.Add(time.Second).In(madrid), noon},
		{"in UTC when seen decides", time.Time{}, noon.In(madrid), noon},
	} {
		if got := eventTime(tt.created, tt.seen); !got.Equal(tt.want) || got.Location() != time.UTC {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestDeliverStoresAndCounts(t *testing.T) {
	in, woken := intake(t)
	given := map[collectors.Reason]int{collectors.NoText: 2}
	b := collectors.Batch{
		Posts: []collectors.Post{
			{Native: "1", Text: "Acme lost my data", Author: "ana", URL: "https://net.example/1", Language: "en",
				Created: noon.Add(-time.Hour), Seen: noon.Add(-time.Minute), Followers: 7},
			{Native: "2", Text: "the weather"},
			{Native: "3", Text: "good", Brand: "Omega"},
			{Native: "4", Text: "Acme again", Author: "bea", Form: collectors.FormReply},
		},
		Gone: []collectors.Gone{{Native: "4"}, {Author: "bea", Hidden: true}},
		Next: "c1", Read: 9, Dropped: given, Since: noon.Add(-time.Hour), Until: noon.Add(-30 * time.Second),
	}
	var told collectors.Batch
	var added store.Added
	deliver := in.Deliver("net", func(b collectors.Batch, a store.Added) { told, added = b, a })
	if err := deliver(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if want := (store.Added{New: 2, Erased: 1}); added != want {
		t.Errorf("got %+v, want %+v", added, want)
	}
	if got, want := fmt.Sprint(told.Dropped), "map[no_text:2 unknown_brand:1]"; got != want {
		t.Errorf("told of dropped posts %s, want %s", got, want)
	}
	if len(given) != 1 {
		t.Errorf("the source's own map was changed: %v", given)
	}
	if *woken != 1 {
		t.Errorf("woken %d times, want once", *woken)
	}
	exposed(t, in.Metrics, map[string]string{
		`confianza_collector_posts_total{source="net"}`:                          "9",
		`confianza_collector_matched_total{source="net"}`:                        "2",
		`confianza_collector_dropped_total{reason="no_text",source="net"}`:       "2",
		`confianza_collector_dropped_total{reason="unknown_brand",source="net"}`: "1",
		`confianza_collector_removed_posts_total{source="net",what="erased"}`:    "1",
		`confianza_collector_removed_posts_total{source="net",what="hidden"}`:    "0",
		`confianza_collector_lag_seconds{source="net"}`:                          "30",
	})
}

func TestDeliverMakesMentions(t *testing.T) {
	in, _ := intake(t)
	seen := noon.Add(-time.Minute)
	deliverAll(t, in, collectors.Batch{Next: "c1", Since: noon.Add(-time.Hour), Until: noon, Posts: []collectors.Post{
		{Native: "1", Revision: "r1", Text: "Acme lost my data", Author: "ana", URL: "https://net.example/1", Language: "en",
			Created: seen.Add(time.Hour), Seen: seen, Followers: 7, Form: collectors.FormReview},
		{Native: "2", Text: "Acme again"},
	}})
	ms, err := in.Store.Recent(t.Context(), StageScore, 9)
	if err != nil || len(ms) != 2 {
		t.Fatal(ms, err)
	}
	m := ms[0]
	m.Author = in.Store.AuthorKey("net", "ana")
	if got, want := fmt.Sprintf("%+v", ms[0]), fmt.Sprintf("%+v", m); got != want {
		t.Errorf("author: got %s, want %s", got, want)
	}
	got := []any{m.Source, m.Native, m.Revision, m.URL, m.Text, m.Declared, m.At, m.Seen, m.Form, m.Followers, m.Brands}
	want := []any{"net", "1", "r1", "https://net.example/1", "Acme lost my data", "en", seen, seen, "review", 7, []string{"Acme"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// Without any clock of its own: ours. Without a form: a post.
	if ms[1].At != noon || ms[1].Seen != noon || ms[1].Form != "post" {
		t.Errorf("got %s, %s, %q; want noon twice and post", ms[1].At, ms[1].Seen, ms[1].Form)
	}
	cursor, err := in.Store.Cursor(t.Context(), "net")
	if err != nil || cursor != "c1" {
		t.Errorf("got cursor %q, %v; want c1", cursor, err)
	}
}

func TestDeliverHidesAndBringsBackBySource(t *testing.T) {
	in, woken := intake(t)
	post := collectors.Post{Native: "1", Text: "Acme lost my data", Author: "ana"}
	deliverAll(t, in, collectors.Batch{Posts: []collectors.Post{post}})
	for _, tt := range []struct {
		name, source string
		batch        collectors.Batch
		want         store.Added
	}{
		{"another source's ana", "web", collectors.Batch{Gone: []collectors.Gone{{Author: "ana", Hidden: true}}}, store.Added{}},
		{"ana", "net", collectors.Batch{Gone: []collectors.Gone{{Author: "ana", Hidden: true}}}, store.Added{Hidden: 1}},
		{"ana is back", "net", collectors.Batch{Back: []string{"ana"}}, store.Added{Restored: 1}},
		{"the same post", "net", collectors.Batch{Posts: []collectors.Post{post}}, store.Added{Known: 1}},
	} {
		deliver := in.Deliver(tt.source, func(_ collectors.Batch, got store.Added) {
			if got != tt.want {
				t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
			}
		})
		if err := deliver(t.Context(), tt.batch); err != nil {
			t.Fatal(err)
		}
	}
	if *woken != 1 {
		t.Errorf("woken %d times, want once: for the only new post", *woken)
	}
}

func TestDeliverThatFailsCountsNothing(t *testing.T) {
	in, woken := intake(t)
	if err := in.Store.Close(); err != nil {
		t.Fatal(err)
	}
	deliver := in.Deliver("net", func(collectors.Batch, store.Added) { t.Error("told of a batch that was not stored") })
	b := collectors.Batch{Posts: []collectors.Post{{Native: "1", Text: "Acme"}}, Read: 1, Next: "c1"}
	if err := deliver(t.Context(), b); err == nil || *woken != 0 {
		t.Errorf("got %v, woken %d times; want an error and never", err, *woken)
	}
	exposed(t, in.Metrics, map[string]string{`confianza_collector_posts_total{source="net"}`: ""})
}

func brands(t *testing.T, names ...string) *match.Matcher {
	t.Helper()
	var bs []match.Brand
	for _, n := range names {
		bs = append(bs, match.Brand{Name: n})
	}
	m, err := match.New(bs)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// intake listens for Acme at noon, into an empty store.
func intake(t *testing.T) (in *Intake, woken *int) {
	t.Helper()
	woken = new(int)
	return &Intake{Store: open(t), Door: NewDoor(brands(t, "Acme")), Metrics: metrics.New("test"),
		Wake: func() { *woken++ }, Now: func() time.Time { return noon }}, woken
}

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func deliverAll(t *testing.T, in *Intake, b collectors.Batch) {
	t.Helper()
	if err := in.Deliver("net", nil)(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// exposed compares single lines of /metrics; "" means that there is no such
// line.
func exposed(t *testing.T, m *metrics.Metrics, want map[string]string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	got := map[string]string{}
	for line := range strings.Lines(w.Body.String()) {
		if at := strings.LastIndex(line, " "); at > 0 {
			got[line[:at]] = strings.TrimSpace(line[at:])
		}
	}
	for series, value := range want {
		if got[series] != value {
			t.Errorf("%s: got %q, want %q", series, got[series], value)
		}
	}
}

func TestColumnsBrandIsFolded(t *testing.T) {
	m, err := match.New([]match.Brand{{Name: "Aerolíneas Delta"}})
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]bool{"Aerolíneas Delta": true, " aerolineas DELTA ": true, "Delta": false} {
		if _, unknown := NewDoor(m).brands(&collectors.Post{Brand: column}); unknown == want {
			t.Errorf("%q: unknown %v", column, unknown)
		}
	}
}
