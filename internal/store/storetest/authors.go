package storetest

import (
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var authors = []promise{
	{"keys of authors differ by source and person, and outlive reopening", func(w *world) {
		key := w.s.AuthorKey("net", "ana")
		for _, other := range []mention.Key{{}, w.s.AuthorKey("web", "ana"), w.s.AuthorKey("net", "bea"), w.s.AuthorKey("ne", "tana")} {
			if key == other {
				w.t.Errorf("key %x stands for two", key)
			}
		}
		want(w, "nobody", w.s.AuthorKey("net", ""), mention.Key{})
		w.reopen()
		want(w, "after reopening", w.s.AuthorKey("net", "ana"), key)
	}},
	{"a deleted author's posts are erased for good", func(w *world) {
		bea := w.post("2", "good", "Acme")
		bea.Author = w.s.AuthorKey("net", "bea")
		w.add(w.post("1", "bad", "Acme"), bea)
		want(w, "removed", w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", false)}}), store.Added{Erased: 1})
		want(w, "shown", w.texts(), []string{"good"})
		want(w, "later post", w.add(w.post("3", "bad", "Acme")), store.Added{Blocked: 1})
		want(w, "back", w.take(store.Intake{Back: []mention.Key{w.s.AuthorKey("net", "ana")}}), store.Added{})
		want(w, "replay", w.add(w.post("1", "bad", "Acme"), w.post("3", "bad", "Acme")), store.Added{Blocked: 2})
	}},
	{"a hidden author's posts are hidden, and counted, until the author is back", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		want(w, "removed", w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", true)}}), store.Added{Hidden: 1})
		want(w, "later post", w.add(w.post("2", "good", "Acme")), store.Added{New: 1})
		want(w, "revision", w.add(revised(w.post("1", ""), "2", "very bad", "Acme")), store.Added{Revised: 1})
		want(w, "shown", w.texts(), nil)
		want(w, "hidden", w.recent(1)[0].Visibility, mention.Hidden)
		w.score("v1")
		want(w, "counts", w.tally("v1"), []string{"Acme negative 1", "Acme positive 1"})
		w.reopen()
		want(w, "back", w.take(store.Intake{Back: []mention.Key{w.s.AuthorKey("net", "ana")}}), store.Added{Restored: 2})
		want(w, "shown", w.texts(), []string{"very bad", "good"})
		want(w, "new post", w.add(w.post("3", "fine", "Acme")), store.Added{New: 1})
		want(w, "shown", w.texts(), []string{"fine", "very bad", "good"})
	}},
	{"a hidden author who is deleted does not come back", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", true)}})
		want(w, "deleted", w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", false), w.authorGone("ana", true)}}),
			store.Added{Erased: 1})
		want(w, "back", w.take(store.Intake{Back: []mention.Key{w.s.AuthorKey("net", "ana")}}), store.Added{})
		want(w, "added", w.add(w.post("2", "bad", "Acme")), store.Added{Blocked: 1})
	}},
	{"a deleted post of a hidden author does not come back", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", true), w.gone("1")}})
		want(w, "back", w.take(store.Intake{Back: []mention.Key{w.s.AuthorKey("net", "ana")}}), store.Added{})
	}},
	{"a hidden author stays hidden as long as there are posts to hide", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.authorGone("ana", true)}})
		w.now = noon.Add(Window + time.Hour)
		want(w, "dropped", w.prune(), 0)
		w.add(w.post("2", "good", "Acme"))
		want(w, "shown", w.texts(), nil)
	}},
}
