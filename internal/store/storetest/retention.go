package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var retention = []promise{
	{"retention erases what was seen before, of one source, and numbers stay", func(w *world) {
		old, edge, fresh := w.post("1", "bad, old", "Acme"), w.post("2", "bad, at the edge", "Acme"), w.post("3", "good", "Acme")
		old.Seen, edge.Seen, fresh.Seen = noon.Add(-time.Millisecond), noon, noon.Add(time.Hour)
		w.add(old, edge, fresh)
		web := old
		web.Source, web.Text = "web", "old elsewhere"
		_, err := w.s.Add(w.t.Context(), store.Intake{Source: "web", Mentions: []mention.Mention{web}})
		must(w, err)
		w.score("v1")
		w.index()
		before := w.tally("v1")
		want(w, "retained", w.retain("net", noon), 1)
		want(w, "retained again", w.retain("net", noon), 0)
		want(w, "retained of nobody", w.retain("radio", noon), 0)
		want(w, "shown", w.texts(), []string{"old elsewhere", "good", "bad, at the edge"})
		want(w, "found", w.find("old"), []string{"old elsewhere"})
		want(w, "counts", w.tally("v1"), before)
		w.reopen()
		want(w, "replay", w.add(old, revised(old, "2", "bad, older", "Acme")), store.Added{Blocked: 2})
		w.begin("v2")
		want(w, "left", w.recent(1), []mention.Mention{erased(old, verdict(0, mention.Negative, "v1").Score)})
	}},
	{"what retention erased before it was scored is counted", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		want(w, "retained", w.retain("net", noon.Add(time.Hour)), 1)
		w.score("v1")
		want(w, "counts", w.tally("v1"), []string{"Acme unknown 1"})
	}},
	{"retention of many posts leaves the others whole", func(w *world) {
		for batch := range 12 {
			var ms []mention.Mention
			for i := range 300 {
				m := w.post(fmt.Sprint(batch, ".", i), fmt.Sprint("word ", batch, ".", i), "Acme")
				m.Seen = noon.Add(time.Duration(batch) * time.Hour)
				ms = append(ms, m)
			}
			w.add(ms...)
			w.index()
		}
		want(w, "retained", w.retain("net", noon.Add(6*time.Hour)), 1800)
		w.prune()
		w.reopen()
		want(w, "shown", len(w.latest(store.LatestQuery{Limit: 9999})), 1800)
		want(w, "found", len(w.search(store.SearchQuery{Text: "word", Limit: 9999})), 1800)
		want(w, "new", w.add(w.post("new", "word", "Acme")), store.Added{New: 1})
		w.index()
		want(w, "found", len(w.search(store.SearchQuery{Text: "word", Limit: 9999})), 1801)
	}},
}

func (w *world) retain(source string, before time.Time) int {
	w.t.Helper()
	n, err := w.s.Retain(w.t.Context(), source, before)
	must(w, err)
	return n
}
