package storetest

import (
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var removal = []promise{
	{"a deletion that comes first wins", func(w *world) {
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		want(w, "added", w.add(w.post("1", "bad", "Acme")), store.Added{Blocked: 1})
		want(w, "recent", len(w.recent(9)), 0)
		w.reopen()
		want(w, "added after reopening", w.add(w.post("1", "bad", "Acme")), store.Added{Blocked: 1})
	}},
	{"a deletion erases what points at a person, and numbers stay", func(w *world) {
		m := w.post("1", "bad", "Acme")
		w.add(m)
		w.score("v1")
		want(w, "removed", w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}}), store.Added{Erased: 1})
		want(w, "shown", w.texts(), nil)
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
		w.begin("v2")
		want(w, "left", w.recent(9), []mention.Mention{erased(m, verdict(0, mention.Negative, "v1").Score)})
		want(w, "again", w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}}), store.Added{})
		want(w, "revision", w.add(revised(m, "2", "good", "Acme")), store.Added{Blocked: 1})
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1"})
	}},
	{"a post deleted before it is scored is counted", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		w.score("v1")
		want(w, "counts", w.tally("v1"), []string{"Acme unknown 1"})
	}},
	{"a batch is applied as posts, then gone, then back", func(w *world) {
		bea := w.post("2", "good", "Acme")
		bea.Author = w.s.AuthorKey("net", "bea")
		in := store.Intake{
			Mentions: []mention.Mention{w.post("1", "bad", "Acme"), bea},
			Gone:     []mention.Gone{w.gone("1"), w.authorGone("bea", true)},
			Back:     []mention.Key{bea.Author},
		}
		want(w, "added", w.take(in), store.Added{New: 2, Erased: 1, Hidden: 1, Restored: 1})
		want(w, "shown", w.texts(), []string{"good"})
	}},
	{"removals of posts never stored are forgotten after the window", func(w *world) {
		gone := []mention.Gone{w.gone("1"), w.authorGone("bea", false), w.authorGone("cas", true)}
		w.take(store.Intake{Gone: gone})
		w.now = noon.Add(Window)
		want(w, "dropped within the window", w.prune(), 0)
		w.take(store.Intake{Gone: gone[1:2]}) // heard again: its window begins again
		w.now = noon.Add(Window + time.Millisecond)
		want(w, "dropped after the window", w.prune(), 2)
		want(w, "added", w.add(w.post("1", "bad", "Acme")), store.Added{New: 1})
		bea := w.post("2", "bad", "Acme")
		bea.Author = w.s.AuthorKey("net", "bea")
		want(w, "added", w.add(bea), store.Added{Blocked: 1})
	}},
	{"the deletion of a stored post outlives the window", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		w.now = noon.Add(2 * Window)
		w.prune()
		want(w, "added", w.add(w.post("1", "bad", "Acme")), store.Added{Blocked: 1})
	}},
	{"forgetting erases one author only, and a replay does not bring them back", func(w *world) {
		ana1, ana2, bea := w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"), w.post("3", "bad", "Acme")
		bea.Author = w.s.AuthorKey("net", "bea")
		w.add(ana1, ana2, bea)
		w.score("v1")
		want(w, "forgotten elsewhere", w.forget("web", "ana"), 0)
		want(w, "forgotten", w.forget("net", "ana"), 2)
		want(w, "forgotten twice", w.forget("net", "ana"), 0)
		want(w, "shown", w.texts(), []string{"bad"})
		want(w, "counts", w.tally("v1"), []string{"Acme negative 2", "Acme positive 1"})
		w.reopen()
		want(w, "replay", w.add(ana1, revised(ana2, "2", "good", "Acme"), bea), store.Added{Blocked: 2, Known: 1})
	}},
	{"forgetting nobody forgets nobody", func(w *world) {
		m := w.post("1", "bad", "Acme")
		m.Author = mention.Key{}
		w.add(m)
		want(w, "forgotten", w.forget("net", ""), 0)
		w.take(store.Intake{Gone: []mention.Gone{{}}})
		want(w, "shown", w.texts(), []string{"bad"})
	}},
	{"forgetting keeps what the source had said of an author", func(w *world) {
		w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", false)}})
		w.forget("net", "ana")
		want(w, "added", w.add(w.post("1", "bad", "Acme")), store.Added{Blocked: 1})
	}},
}

// erased is what is left of m: when, which brands, and its score.
func erased(m mention.Mention, score mention.Score) mention.Mention {
	m.ID, m.Native, m.URL, m.Text, m.Author = 1, "", "", "", mention.Key{}
	m.Visibility, m.Score = mention.Deleted, score
	return m
}

func (w *world) prune() int {
	w.t.Helper()
	n, err := w.s.Prune(w.t.Context())
	must(w, err)
	return n
}

func (w *world) forget(source, author string) int {
	w.t.Helper()
	n, err := w.s.Forget(w.t.Context(), source, author)
	must(w, err)
	return n
}
