package storetest

import (
	"context"
	"errors"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var intake = []promise{
	{"a mention comes back as it was added, after reopening too", func(w *world) {
		m := w.post("1", "bad\x00 día 🙂", "Acme", "Zeta")
		want(w, "added", w.add(m), store.Added{New: 1})
		m.ID = 1
		want(w, "recent", w.recent(9), []mention.Mention{m})
		want(w, "latest", w.latest(store.LatestQuery{}), []mention.Mention{m})
		w.reopen()
		want(w, "recent after reopening", w.recent(9), []mention.Mention{m})
	}},
	{"reopening keeps scores, bookmarks, cursor, coverage and totals", func(w *world) {
		heard := mention.Span{From: noon, To: noon.Add(time.Minute)}
		w.take(store.Intake{Mentions: []mention.Mention{w.post("1", "bad", "Acme")}, Next: "c1", Heard: heard})
		w.score("v1")
		w.reopen()
		want(w, "again", w.begin("v1"), false)
		want(w, "recent", len(w.recent(9)), 0)
		want(w, "polarity", w.latest(store.LatestQuery{})[0].Score.Polarity, mention.Negative)
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
		want(w, "cursor", w.cursor(), "c1")
		want(w, "heard", w.heard(always), []mention.Span{heard})
		want(w, "totals", w.totals(), []store.Total{{Brand: "Acme", Source: "net", Language: "en",
			Polarity: mention.Negative, Kind: mention.KindUnknown, N: 1}})
	}},
	{"the same revision twice changes nothing", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		want(w, "added", w.add(revised(w.post("1", "", ""), "1", "good", "Zeta")), store.Added{Known: 1})
		want(w, "texts", w.texts(), []string{"bad"})
		want(w, "recent", len(w.recent(9)), 0)
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
	}},
	{"an older revision changes nothing", func(w *world) {
		w.add(revised(w.post("1", ""), "2", "bad", "Acme"))
		want(w, "added", w.add(revised(w.post("1", ""), "10", "good", "Acme")), store.Added{Known: 1}) // as strings "10" < "2"
		want(w, "texts", w.texts(), []string{"bad"})
	}},
	{"the same post twice in one intake is one post", func(w *world) {
		want(w, "added", w.add(w.post("1", "bad", "Acme"), w.post("1", "bad", "Acme")), store.Added{New: 1, Known: 1})
	}},
	{"equal ids of two sources are two posts", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		m := w.post("1", "good", "Acme")
		m.Source = "web"
		a, err := w.s.Add(w.t.Context(), store.Intake{Source: "web", Mentions: []mention.Mention{m}})
		must(w, err)
		want(w, "added", a, store.Added{New: 1})
		want(w, "sources", []string{w.recent(9)[0].Source, w.recent(9)[1].Source}, []string{"net", "web"})
	}},
	{"a newer revision replaces text and score and goes to the end of the log", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"))
		w.score("v1")
		edit := revised(w.post("1", ""), "2", "good", "Acme", "Zeta")
		edit.At, edit.URL, edit.Declared, edit.Followers = noon.Add(time.Hour), "https://net.example/new", "es", 9
		want(w, "added", w.add(edit), store.Added{Revised: 1})
		want(w, "old count is out", w.tally("v1"), []string{"Acme positive 1"})
		edit.ID, edit.At = 3, noon // a mention happened when it was first made
		want(w, "recent", w.recent(9), []mention.Mention{edit})
		w.score("v1")
		want(w, "new count is in", w.tally("v1"), []string{"Acme positive 2", "Zeta positive 1"})
	}},
	{"positions in the log are never used again", func(w *world) {
		w.add(w.post("1", "one", "Acme"))
		w.add(revised(w.post("1", ""), "2", "two", "Acme"))
		w.reopen()
		w.add(w.post("2", "three", "Acme"))
		want(w, "log", []int64{w.recent(9)[0].ID, w.recent(9)[1].ID}, []int64{2, 3})
	}},
	{"a revision that no longer names a brand leaves that brand's numbers", func(w *world) {
		w.add(w.post("1", "bad", "Acme", "Zeta"))
		w.score("v1")
		w.add(revised(w.post("1", ""), "2", "bad", "Zeta"))
		want(w, "counts", w.tally("v1"), nil)
		w.score("v1")
		want(w, "counts", w.tally("v1"), []string{"Zeta negative 1"})
		want(w, "brands", w.latest(store.LatestQuery{})[0].Brands, []string{"Zeta"})
	}},
	{"a revision that names no brand loses its text, and may name one again", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		want(w, "added", w.add(revised(w.post("1", ""), "2", "the weather")), store.Added{Revised: 1})
		want(w, "shown", w.texts(), nil)
		want(w, "text", w.recent(9)[0].Text, "")
		w.score("v1")
		want(w, "counts", w.tally("v1"), nil)
		w.add(revised(w.post("1", ""), "3", "good", "Acme"))
		w.score("v1")
		want(w, "counts", w.tally("v1"), []string{"Acme positive 1"})
	}},
	{"a post that never named a brand is not kept", func(w *world) {
		want(w, "added", w.add(w.post("1", "the weather")), store.Added{})
		want(w, "recent", len(w.recent(9)), 0)
	}},
	{"the cursor moves with a batch of nothing else", func(w *world) {
		want(w, "cursor", w.cursor(), "")
		w.take(store.Intake{Next: "c1"})
		want(w, "cursor", w.cursor(), "c1")
		w.take(store.Intake{Next: "c2"})
		w.take(store.Intake{}) // "" leaves it
		want(w, "cursor", w.cursor(), "c2")
	}},
	{"an intake that fails leaves neither data nor cursor", func(w *world) {
		w.take(store.Intake{Next: "c1"})
		twice := w.post("2", "bad", "New", "New") // a brand named twice is our own mistake
		in := store.Intake{Source: "net", Mentions: []mention.Mention{w.post("1", "bad", "New"), twice}, Next: "c2"}
		if _, err := w.s.Add(w.t.Context(), in); err == nil {
			w.t.Fatal("a mention with a brand twice was taken")
		}
		ctx, cancel := context.WithCancel(w.t.Context())
		cancel()
		in.Mentions = in.Mentions[:1]
		if _, err := w.s.Add(ctx, in); !errors.Is(err, context.Canceled) {
			w.t.Fatalf("got %v, want context.Canceled", err)
		}
		want(w, "cursor", w.cursor(), "c1")
		want(w, "recent", len(w.recent(9)), 0)
		w.take(in)
		want(w, "brand", w.recent(9)[0].Brands, []string{"New"})
	}},
}

func (w *world) cursor() string {
	w.t.Helper()
	c, err := w.s.Cursor(w.t.Context(), "net")
	must(w, err)
	return c
}
