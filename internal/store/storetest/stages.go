package storetest

import (
	"fmt"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var stages = []promise{
	{"the scorer shown is the one before until everything is scored again", func(w *world) {
		shown := func() string {
			v, err := w.s.Shown(w.t.Context())
			must(w, err)
			return v
		}
		want(w, "before any", shown(), "")
		w.add(w.post("1", "one", "Acme"))
		w.score("v1")
		want(w, "the first", shown(), "v1")
		w.begin("v2")
		want(w, "begun", shown(), "v1")
		w.score("v2")
		want(w, "done", shown(), "v2")
	}},
	{"a bookmark tells what is done again, and how far it is", func(w *world) {
		bookmark := func() store.Bookmark {
			b, err := w.s.Bookmark(w.t.Context(), "score")
			must(w, err)
			return b
		}
		want(w, "never begun", bookmark(), store.Bookmark{})
		w.add(w.post("1", "one", "Acme"), w.post("2", "two", "Acme"))
		w.score("v1")
		want(w, "done", bookmark(), store.Bookmark{Version: "v1", Shown: "v1", Through: 2})
		want(w, "again", bookmark().Again(), false)
		w.begin("v2")
		w.done(1, verdict(1, mention.Neutral, "v2"))
		w.reopen()
		want(w, "half done", bookmark(), store.Bookmark{Version: "v2", Shown: "v1", Through: 1, Until: 2})
		want(w, "again", bookmark().Again(), true)
		w.add(w.post("3", "three", "Acme"))
		w.done(2, verdict(2, mention.Neutral, "v2"))
		want(w, "what came meanwhile does not count", bookmark(), store.Bookmark{Version: "v2", Shown: "v2", Through: 2, Until: 2})
	}},
	{"a stage gets what it has not done, in order, and a bookmark that survives", func(w *world) {
		w.add(w.post("1", "one", "Acme"), w.post("2", "two", "Acme"), w.post("3", "three", "Acme"))
		want(w, "not begun", textsOf(w.recent(2)), []string{"one", "two"})
		want(w, "begun before", w.begin("v1"), false)
		want(w, "first two", textsOf(w.recent(2)), []string{"one", "two"})
		want(w, "pending", w.pending(), 3)
		w.done(w.recent(2)[1].ID)
		want(w, "the rest", textsOf(w.recent(2)), []string{"three"})
		want(w, "pending", w.pending(), 1)
		w.reopen()
		want(w, "the rest after reopening", textsOf(w.recent(2)), []string{"three"})
	}},
	{"nothing is pending in an empty store", func(w *world) {
		want(w, "pending", w.pending(), 0)
		w.begin("v1")
		want(w, "pending", w.pending(), 0)
		want(w, "recent", len(w.recent(9)), 0)
	}},
	{"stages have bookmarks of their own", func(w *world) {
		w.add(w.post("1", "one", "Acme"))
		w.begin("v1")
		if _, err := w.s.Begin(w.t.Context(), "topics", "t1"); err != nil {
			w.t.Fatal(err)
		}
		w.done(1)
		ms, err := w.s.Recent(w.t.Context(), "topics", 9)
		must(w, err)
		want(w, "topics", textsOf(ms), []string{"one"})
		want(w, "score", len(w.recent(9)), 0)
	}},
	{"a bookmark never goes back by itself", func(w *world) {
		w.add(w.post("1", "one", "Acme"), w.post("2", "two", "Acme"))
		w.begin("v1")
		w.done(2)
		w.done(1)
		want(w, "pending", w.pending(), 0)
	}},
	{"a stage that was never begun has nothing done", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		if _, err := w.s.Done(w.t.Context(), "score", 1, []store.Scored{verdict(1, mention.Negative, "v1")}); err == nil {
			w.t.Error("scores of a stage never begun were taken")
		}
		w.begin("v1")
		want(w, "counts", w.tally("v1"), nil)
		want(w, "score", w.recent(9)[0].Scored(), false)
	}},
	{"scores come back with their mentions", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.begin("v1")
		score := verdict(1, mention.Negative, "v1")
		w.done(1, score)
		want(w, "score", w.latest(store.LatestQuery{})[0].Score, score.Score)
	}},
	{"the same scores twice count once", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"))
		w.begin("v1")
		scores := []store.Scored{verdict(1, mention.Negative, "v1"), verdict(2, mention.Positive, "v1")}
		want(w, "counted first", len(w.done(2, scores...)), 2)
		want(w, "counted again", len(w.done(2, scores...)), 0)
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1", "Acme positive 1"})
		w.done(2, scores[0], scores[0], verdict(2, mention.Negative, "v1"))
		want(w, "counts after a change of mind", w.tally("v1"), []string{"Acme negative 2"})
	}},
	{"the score of a post revised meanwhile is passed over", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "bad", "Acme"))
		w.begin("v1")
		read := w.recent(9)
		w.add(revised(w.post("1", ""), "2", "good", "Acme"))
		w.done(read[1].ID, verdict(read[0].ID, mention.Negative, "v1"), verdict(read[1].ID, mention.Negative, "v1"))
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
		want(w, "still to do", textsOf(w.recent(9)), []string{"good"})
	}},
	{"a post deleted while it is scored keeps the score and not the text", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.begin("v1")
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		w.done(1, verdict(1, mention.Negative, "v1"))
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
		want(w, "shown", w.texts(), nil)
	}},
	{"long logs come in pieces", func(w *world) {
		var ms []mention.Mention
		for i := range 25 {
			ms = append(ms, w.post(fmt.Sprint(i), "bad", "Acme"))
		}
		w.add(ms...)
		w.score("v1") // two at a time
		want(w, "counts", w.tally("v1"), []string{"Acme negative 25"})
		want(w, "pending", w.pending(), 0)
	}},
}

func (w *world) pending() int64 {
	w.t.Helper()
	n, err := w.s.Pending(w.t.Context(), "score")
	must(w, err)
	return n
}

func (w *world) done(through int64, scores ...store.Scored) []store.Total {
	w.t.Helper()
	counted, err := w.s.Done(w.t.Context(), "score", through, scores)
	must(w, err)
	return counted
}
