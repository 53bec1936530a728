package storetest

import (
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Spans below are minutes after noon: "2-4" is from 12:02 to 12:04.
var coverage = []promise{
	{"coverage joins stretches that meet, whatever order they come in", func(w *world) {
		for _, c := range []struct{ name, add, want string }{
			{"nothing yet", "", ""},
			{"the first", "20-30", "20-30"},
			{"apart before", "0-5", "0-5 20-30"},
			{"touching its end", "30-32", "0-5 20-32"},
			{"touching its beginning", "18-20", "0-5 18-32"},
			{"within", "21-22", "0-5 18-32"},
			{"the same", "0-5", "0-5 18-32"},
			{"apart between", "10-11", "0-5 10-11 18-32"},
			{"over one end", "11-12 4-6", "0-6 10-12 18-32"},
			{"over several", "5-19", "0-32"},
			{"apart after, and around it", "40-41 39-42", "0-32 39-42"},
			{"around all", "-1-50", "-1-50"},
		} {
			for _, s := range spans(c.add) {
				w.take(store.Intake{Heard: s})
			}
			want(w, c.name, w.heard(always), spans(c.want))
		}
		w.reopen()
		want(w, "after reopening", w.heard(always), spans("-1-50"))
	}},
	{"coverage is cut to what is asked for", func(w *world) {
		for _, s := range spans("0-5 10-20 30-40") {
			w.take(store.Intake{Heard: s})
		}
		want(w, "over ends", w.heard(spans("4-12")[0]), spans("4-5 10-12"))
		want(w, "between", w.heard(spans("5-10")[0]), spans(""))
		want(w, "within", w.heard(spans("31-32")[0]), spans("31-32"))
		want(w, "another source", w.heardOf("web", always), spans(""))
	}},
	{"an empty or unknown stretch covers nothing", func(w *world) {
		for _, s := range []mention.Span{{}, {To: noon}, {From: noon}, {From: noon, To: noon}, {From: noon.Add(1), To: noon}} {
			w.take(store.Intake{Heard: s})
		}
		want(w, "heard", w.heard(mention.Span{From: time.Time{}, To: always.To}), spans(""))
	}},
	{"sources are heard apart", func(w *world) {
		w.take(store.Intake{Heard: spans("0-5")[0]})
		_, err := w.s.Add(w.t.Context(), store.Intake{Source: "web", Heard: spans("5-9")[0]})
		must(w, err)
		want(w, "net", w.heard(always), spans("0-5"))
		want(w, "web", w.heardOf("web", always), spans("5-9"))
	}},
	{"a brand is heard from when it was listened for, and what is fetched of the past counts", func(w *world) {
		w.listen("Acme")
		w.hears("0-10", "Acme")
		w.listen("Acme", "Zeta")
		w.hears("10-20", "Acme", "Zeta")
		want(w, "the first", w.heardFor("Acme"), spans("0-20"))
		want(w, "the second", w.heardFor("Zeta"), spans("10-20"))
		must(w, w.s.ListenToo(w.t.Context(), []string{"Zeta"}))
		w.hears("4-6", "Zeta") // a backfill for one of them
		want(w, "after a backfill", w.heardFor("Zeta"), spans("4-6 10-20"))
		w.hears("-5-2", "Acme", "Zeta")
		want(w, "after a backfill of earlier times", w.heardFor("Zeta"), spans("-5-2 4-6 10-20"))

		w.listen("Acme")
		w.hears("20-30", "Acme")
		want(w, "taken out", w.heardFor("Zeta"), spans("-5-2 4-6 10-20"))
		w.listen("Acme", "Zeta")
		w.hears("30-40", "Acme", "Zeta")
		w.reopen()
		want(w, "back again", w.heardFor("Zeta"), spans("-5-2 4-6 10-20 30-40"))
		want(w, "the first, all the time", w.heardFor("Acme"), spans("-5-40"))
		want(w, "one nobody asked about", w.heardFor("Omega"), spans("-5-40"))
	}},
	{"a brand added to those listened for leaves the others", func(w *world) {
		w.listen("Acme")
		w.hears("0-10", "Acme")
		must(w, w.s.ListenToo(w.t.Context(), []string{"Zeta"}))
		w.hears("0-5", "Zeta")
		want(w, "the others", w.heardFor("Acme"), spans("0-10"))
		want(w, "the one added", w.heardFor("Zeta"), spans("0-5"))
		w.listen("Acme", "Zeta")
		want(w, "listened for from now on, of the past", w.heardFor("Zeta"), spans("0-5"))
	}},
	{"in a store that never noted it, what was counted was listened for", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		w.hears("0-10")
		w.listen("Acme", "Zeta")
		want(w, "counted", w.heardFor("Acme"), spans("0-10"))
		want(w, "never seen", w.heardFor("Zeta"), nil)
	}},
}

func (w *world) listen(brands ...string) {
	w.t.Helper()
	must(w, w.s.Listen(w.t.Context(), brands))
}

// hears covers stretches for some brands.
func (w *world) hears(text string, brands ...string) {
	w.t.Helper()
	for _, s := range spans(text) {
		w.take(store.Intake{Heard: s, Brands: brands})
	}
}

// heardFor is what the source was heard for a brand; a snapshot says the same.
func (w *world) heardFor(brand string) []mention.Span {
	w.t.Helper()
	e := store.Ear{Brand: brand, Source: "net"}
	v := w.snapshot()
	got := must1(w.s.Unheard(w.t.Context()))(w).Heard(e, w.heard(always))
	want(w, "heard in a snapshot", must1(v.Unheard(w.t.Context()))(w).Heard(e, w.heardBy(v)), got)
	return got
}

func spans(text string) []mention.Span {
	var all []mention.Span
	for f := range strings.FieldsSeq(text) {
		at := strings.LastIndex(f, "-")
		all = append(all, mention.Span{From: minute(f[:at]), To: minute(f[at+1:])})
	}
	return all
}

func minute(text string) time.Time {
	d, err := time.ParseDuration(text + "m")
	if err != nil {
		panic(err) // a slip in the table above
	}
	return noon.Add(d)
}

func (w *world) heard(within mention.Span) []mention.Span {
	w.t.Helper()
	return w.heardOf("net", within)
}

func (w *world) heardOf(source string, within mention.Span) []mention.Span {
	w.t.Helper()
	s, err := w.s.Heard(w.t.Context(), source, within)
	must(w, err)
	return s
}
