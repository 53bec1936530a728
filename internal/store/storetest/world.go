package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// noon is when everything in these tests happens unless it says otherwise.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is one store with a clock that stands still unless it is moved.
type world struct {
	t    *testing.T
	s    Store
	dir  string
	open Open
	now  time.Time
}

func newWorld(t *testing.T, open Open) *world {
	w := &world{t: t, dir: t.TempDir(), open: open, now: noon}
	w.s = open(t, w.dir, func() time.Time { return w.now })
	t.Cleanup(func() {
		if err := w.s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

func (w *world) reopen() {
	w.t.Helper()
	if err := w.s.Close(); err != nil {
		w.t.Fatalf("close: %v", err)
	}
	w.s = w.open(w.t, w.dir, func() time.Time { return w.now })
}

// post is a first revision by ana on the source net, said at noon.
func (w *world) post(native, text string, brands ...string) mention.Mention {
	return mention.Mention{Source: "net", Native: native, Revision: "1", URL: "https://net.example/" + native,
		Author: w.s.AuthorKey("net", "ana"), Text: text, Declared: "en", At: noon, Seen: noon.Add(time.Second),
		Form: "post", Followers: 7, Brands: brands}
}

// revised is a later revision of m.
func revised(m mention.Mention, revision, text string, brands ...string) mention.Mention {
	m.Revision, m.Text, m.Brands = revision, text, brands
	return m
}

// add adds mentions from net.
func (w *world) add(ms ...mention.Mention) store.Added {
	w.t.Helper()
	return w.take(store.Intake{Mentions: ms})
}

// take adds an intake from net.
func (w *world) take(in store.Intake) store.Added {
	w.t.Helper()
	in.Source = "net"
	a, err := w.s.Add(w.t.Context(), in)
	must(w, err)
	return a
}

func (w *world) gone(native string) mention.Gone { return mention.Gone{Native: native} }

func (w *world) authorGone(author string, hidden bool) mention.Gone {
	return mention.Gone{Author: w.s.AuthorKey("net", author), Hidden: hidden}
}

// must ends the test at an error.
func must(w *world, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// want compares by what is printed, which is what a person would compare; no
// elements print like nil.
func want[T any](w *world, what string, got, want T) {
	w.t.Helper()
	if g, wa := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != wa {
		w.t.Errorf("%s:\n got %s\nwant %s", what, g, wa)
	}
}

// feel is the scorer of these tests.
func feel(text string) mention.Polarity {
	switch {
	case text == "":
		return mention.Unknown
	case strings.Contains(text, "bad"):
		return mention.Negative
	case strings.Contains(text, "good"):
		return mention.Positive
	}
	return mention.Neutral
}

func verdict(id int64, polarity mention.Polarity, scorer string) store.Scored {
	sc := mention.Score{Language: "en", Polarity: polarity, Scorer: scorer}
	switch polarity {
	case mention.Negative:
		sc.Negative, sc.Neutral = 0.75, 0.25
	case mention.Positive:
		sc.Positive, sc.Neutral = 0.75, 0.25
	case mention.Neutral:
		sc.Neutral = 1
	}
	return store.Scored{ID: id, Score: sc}
}

// score scores all there is with a version, as the stage would, and returns
// what was counted for the first time.
func (w *world) score(version string) (fresh []store.Total) {
	w.t.Helper()
	w.begin(version)
	for {
		recent := w.recent(2)
		if len(recent) == 0 {
			return fresh
		}
		var scores []store.Scored
		for _, m := range recent {
			scores = append(scores, verdict(m.ID, feel(m.Text), version))
		}
		counted, err := w.s.Done(w.t.Context(), "score", recent[len(recent)-1].ID, scores)
		must(w, err)
		fresh = append(fresh, counted...)
	}
}

func (w *world) begin(version string) (again bool) {
	w.t.Helper()
	again, err := w.s.Begin(w.t.Context(), "score", version)
	must(w, err)
	return again
}

func (w *world) recent(limit int) []mention.Mention {
	w.t.Helper()
	ms, err := w.s.Recent(w.t.Context(), "score", limit)
	must(w, err)
	return ms
}

func (w *world) latest(q store.LatestQuery) []mention.Mention {
	w.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	ms, err := w.s.Latest(w.t.Context(), q)
	must(w, err)
	return ms
}

func (w *world) counts(q store.CountQuery) []store.Count {
	w.t.Helper()
	cs, err := w.s.Counts(w.t.Context(), q)
	must(w, err)
	return cs
}

// always holds every time these tests use.
var always = mention.Span{From: noon.AddDate(-100, 0, 0), To: noon.AddDate(10, 0, 0)}

// tally is what a scorer version counted in all, such as "Acme negative 2",
// sorted. "" is the version in use.
func (w *world) tally(version string) []string {
	w.t.Helper()
	sums := map[string]int64{}
	for _, c := range w.counts(store.CountQuery{Scorer: version, Span: always, Step: time.Hour}) {
		sums[c.Brand+" "+string(c.Polarity)] += c.N
	}
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(sums)) {
		lines = append(lines, fmt.Sprintf("%s %d", k, sums[k]))
	}
	return lines
}

func (w *world) totals() []store.Total {
	w.t.Helper()
	all, err := w.s.Totals(w.t.Context())
	must(w, err)
	return all
}

// texts is what may be shown, newest event first.
func (w *world) texts() []string {
	w.t.Helper()
	return textsOf(w.latest(store.LatestQuery{}))
}

func textsOf(ms []mention.Mention) []string {
	var texts []string
	for _, m := range ms {
		texts = append(texts, m.Text)
	}
	return texts
}
