package series_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// noon is the present of these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a store that is filled by hand.
type world struct {
	t     testing.TB
	s     *store.Store
	posts int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, s: s}
	w.begin("v1")
	return w
}

func (w *world) begin(version string) {
	w.t.Helper()
	if _, err := w.s.Begin(w.t.Context(), "score", version); err != nil {
		w.t.Fatal(err)
	}
}

// said is one mention: "bad", "good" or else neutral.
type said struct {
	source, brand, text string
	at                  time.Time
}

// say stores mentions, not scored yet.
func (w *world) say(all ...said) {
	w.t.Helper()
	bySource := map[string][]mention.Mention{}
	for _, s := range all {
		w.posts++
		bySource[s.source] = append(bySource[s.source], mention.Mention{Source: s.source, Native: fmt.Sprint(w.posts), Revision: "1",
			Author: w.s.AuthorKey(s.source, fmt.Sprint("author", w.posts%7)), Text: s.text, Declared: "en", At: s.at, Seen: s.at, Form: "post", Brands: []string{s.brand}})
	}
	for source, ms := range bySource {
		w.add(store.Intake{Source: source, Mentions: ms})
	}
}

func (w *world) add(in store.Intake) {
	w.t.Helper()
	if _, err := w.s.Add(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) hear(source string, from, to time.Time) {
	w.t.Helper()
	w.add(store.Intake{Source: source, Heard: mention.Span{From: from, To: to}})
}

// score does what the stage has not done, at most limit mentions.
func (w *world) score(version string, limit int) {
	w.t.Helper()
	recent, err := w.s.Recent(w.t.Context(), "score", limit)
	if err != nil || len(recent) == 0 {
		w.t.Fatalf("%d recent, %v", len(recent), err)
	}
	var scored []store.Scored
	for _, m := range recent {
		sc := mention.Score{Language: "en", Polarity: mention.Neutral, Scorer: version}
		switch {
		case m.Text == "":
			continue
		case version == "v2":
			sc.Polarity = mention.Positive
		case m.Text == "bad":
			sc.Polarity = mention.Negative
		case m.Text == "good":
			sc.Polarity = mention.Positive
		}
		scored = append(scored, store.Scored{ID: m.ID, Score: sc})
	}
	if _, err := w.s.Done(w.t.Context(), "score", recent[len(recent)-1].ID, scored); err != nil {
		w.t.Fatal(err)
	}
}

// busy fills some days before noon: two sources that come and go, late posts in
// minutes nobody listened, one source that is only brought in.
func (w *world) busy(days, posts int, seed uint64) {
	w.t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	begin := noon.AddDate(0, 0, -days)
	for _, source := range []string{"net", "web"} {
		at := begin.Add(time.Duration(r.IntN(3600)) * time.Second)
		for at.Before(noon) {
			to := at.Add(time.Duration(r.ExpFloat64()*20*3600) * time.Second)
			if to.After(noon) {
				to = noon
			}
			w.hear(source, at, to)
			at = to.Add(time.Duration(r.ExpFloat64()*3*3600) * time.Second)
		}
	}
	var all []said
	for range posts {
		s := said{source: []string{"net", "net", "web", "file"}[r.IntN(4)], brand: []string{"Acme", "Zeta"}[r.IntN(2)],
			text: []string{"bad", "good", "so"}[r.IntN(3)], at: begin.Add(time.Duration(r.Int64N(int64(noon.Sub(begin)))))}
		if r.IntN(3) == 0 { // a burst
			s.at = noon.Add(-50 * time.Hour).Add(time.Duration(r.Int64N(int64(2 * time.Hour))))
		}
		all = append(all, s)
	}
	w.say(all...)
	w.score("v1", posts)
}
