package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var summing = []promise{
	{"a sum over any span is what its minutes add up to", func(w *world) {
		for i := range 400 { // one every 37 minutes, over ten days around 1970
			m := w.post(fmt.Sprint(i), []string{"bad", "good", "so"}[i%3], []string{"Acme", "Zeta"}[i%2])
			m.At = time.Unix(0, 0).Add(time.Duration(i-200) * 37 * time.Minute).UTC()
			w.add(m)
		}
		w.score("v1")
		for _, from := range []time.Duration{-90 * time.Hour, -90*time.Hour + time.Minute, -time.Hour - 17*time.Minute, 0, 59 * time.Minute} {
			for _, length := range []time.Duration{0, time.Minute, 20 * time.Minute, time.Hour, 61 * time.Minute, 3 * time.Hour, 167*time.Hour + 30*time.Minute} {
				q := store.CountQuery{Brands: []string{"Acme"}, Span: mention.Span{From: time.Unix(0, 0).Add(from), To: time.Unix(0, 0).Add(from + length)}, Step: time.Minute}
				expected, got := map[mention.Polarity]int64{}, map[mention.Polarity]int64{}
				for _, c := range w.counts(q) {
					expected[c.Polarity] += c.N
				}
				sums, err := w.s.Sums(w.t.Context(), q)
				must(w, err)
				for _, c := range sums {
					if got[c.Polarity] += c.N; c.Brand != "Acme" || !c.At.Equal(q.Span.From) {
						w.t.Errorf("got a count of %s at %s", c.Brand, c.At)
					}
				}
				want(w, fmt.Sprintf("%s for %s", from, length), got, expected)
			}
		}
	}},
	{"voices are distinct authors, and say how many mentions have none", func(w *world) {
		authors := []string{"ana", "ana", "bea", "", "eva", "ana"}
		for i, author := range authors {
			m := w.post(fmt.Sprint(i), "bad", "Acme")
			m.Author, m.At = w.s.AuthorKey("net", author), noon.Add(time.Duration(i)*time.Hour)
			if i == 5 {
				m.Brands = []string{"Zeta"}
			}
			w.add(m)
		}
		voices := func(brand string, hours int) store.Voices {
			v, err := w.s.Voices(w.t.Context(), brand, mention.Span{From: noon, To: noon.Add(time.Duration(hours) * time.Hour)})
			must(w, err)
			return v
		}
		want(w, "of five", voices("Acme", 5), store.Voices{Authors: 3, Mentions: 5, Anonymous: 1})
		want(w, "without the last", voices("Acme", 4), store.Voices{Authors: 2, Mentions: 4, Anonymous: 1})
		want(w, "of another brand", voices("Zeta", 9), store.Voices{Authors: 1, Mentions: 1})
		want(w, "of none", voices("Nobody", 9), store.Voices{})
		w.take(store.Intake{Gone: []mention.Gone{w.gone("2")}})
		want(w, "after a deletion", voices("Acme", 5), store.Voices{Authors: 2, Mentions: 5, Anonymous: 2})
	}},
	{"a note outlives a restart, and the next replaces it", func(w *world) {
		note := func() string {
			b, err := w.s.Note(w.t.Context(), "weekly")
			must(w, err)
			return string(b)
		}
		want(w, "before", note(), "")
		must(w, w.s.SetNote(w.t.Context(), "weekly", []byte("2026-W09")))
		must(w, w.s.SetNote(w.t.Context(), "weekly", []byte("2026-W10")))
		w.reopen()
		want(w, "after", note(), "2026-W10")
	}},
}
