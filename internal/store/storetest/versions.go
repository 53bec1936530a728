package storetest

import (
	"confianza/internal/mention"
	"confianza/internal/store"
)

var versions = []promise{
	{"another version begins again, into series of its own", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"))
		w.score("v1")
		want(w, "the same version", w.begin("v1"), false)
		want(w, "another version", w.begin("v2"), true)
		want(w, "another version twice", w.begin("v2"), false)
		want(w, "to do again", textsOf(w.recent(9)), []string{"bad", "good"})
		w.done(1, verdict(1, mention.Positive, "v2"))
		want(w, "old counts", w.tally("v1"), []string{"Acme negative 1", "Acme positive 1"})
		want(w, "new counts", w.tally("v2"), []string{"Acme positive 1"})
		want(w, "shown before all is done again", w.tally(""), w.tally("v1"))
		w.done(2)
		want(w, "shown once it is", w.tally(""), w.tally("v2"))
		want(w, "a version never used", w.tally("v3"), nil)
	}},
	{"going back to an earlier version does not count twice", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"))
		w.score("v1")
		w.score("v2")
		w.begin("v1")
		w.done(1, verdict(1, mention.Neutral, "v1")) // half done, and thinking otherwise
		want(w, "counts of v1", w.tally("v1"), []string{"Acme neutral 1", "Acme positive 1"})
		want(w, "counts of v2", w.tally("v2"), []string{"Acme negative 1", "Acme positive 1"})
		w.score("v1")
		w.score("v2")
		want(w, "counts of v1", w.tally("v1"), []string{"Acme neutral 1", "Acme positive 1"})
		want(w, "counts of v2", w.tally("v2"), []string{"Acme negative 1", "Acme positive 1"})
	}},
	{"what was shown stays shown until all of it is done again", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme"))
		w.score("v1")
		w.begin("v2")
		w.done(1, verdict(1, mention.Neutral, "v2"))
		w.add(w.post("3", "bad", "Acme")) // comes meanwhile: nobody waits for it
		w.begin("v3")
		w.done(1, verdict(1, mention.Positive, "v3"))
		want(w, "after two changes, none of them finished", w.tally(""), w.tally("v1"))
		w.begin("v1")
		want(w, "back to the first", w.tally(""), []string{"Acme negative 1", "Acme positive 1"})
		w.begin("v2")
		w.reopen()
		want(w, "after reopening", w.tally(""), w.tally("v1"))
		w.done(3, verdict(2, mention.Neutral, "v2"), verdict(3, mention.Negative, "v2"))
		want(w, "at last", w.tally(""), []string{"Acme negative 1", "Acme neutral 2"})
	}},
	{"a revision leaves the counts of every version", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "bad", "Acme"))
		for _, v := range []string{"v1", "v2", "v3", "v1"} {
			w.score(v)
		}
		w.add(revised(w.post("1", ""), "2", "good"))
		for _, v := range []string{"v1", "v2", "v3"} {
			want(w, "counts of "+v, w.tally(v), []string{"Acme negative 1"})
		}
		w.score("v2")
		want(w, "counts of v2", w.tally("v2"), []string{"Acme negative 1"})
	}},
	{"numbers of erased texts stay with the version that read them", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		w.begin("v2")
		w.done(1) // the stage passes over what has no text any more
		want(w, "counts of v1", w.tally("v1"), []string{"Acme negative 1"})
		want(w, "counts of v2", w.tally("v2"), nil)
	}},
	{"totals never fall, and rescoring does not count twice", func(w *world) {
		total := func(p mention.Polarity, n int64) store.Total {
			return store.Total{Brand: "Acme", Source: "net", Language: "en", Polarity: p, Kind: mention.KindUnknown, N: n}
		}
		want(w, "totals of nothing", w.totals(), nil)
		w.add(w.post("1", "bad", "Acme"), w.post("2", "bad", "Acme"))
		want(w, "counted first", w.score("v1"), []store.Total{total(mention.Negative, 2)})
		w.begin("v2")
		want(w, "counted again", w.done(2, verdict(1, mention.Positive, "v2"), verdict(2, mention.Positive, "v2")), nil)
		want(w, "totals after rescoring", w.totals(), []store.Total{total(mention.Negative, 2)})
		w.add(revised(w.post("1", ""), "2", "good", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("2")}})
		w.score("v2")
		want(w, "totals after revision and deletion", w.totals(), []store.Total{total(mention.Negative, 2)})
		w.add(w.post("3", "good", "Acme"))
		want(w, "counted new", w.score("v2"), []store.Total{total(mention.Positive, 1)})
		w.reopen()
		want(w, "totals after reopening", w.totals(), []store.Total{total(mention.Negative, 2), total(mention.Positive, 1)})
	}},
}
