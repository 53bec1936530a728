package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var reading = []promise{
	{"the latest come newest event first, page after page", func(w *world) {
		for i := range 7 { // events: 0 1 | 2 3 4 at one moment | 5 6
			m := w.post(fmt.Sprint(i), fmt.Sprint(i), "Acme")
			m.At = noon.Add(time.Duration([]int{0, 1, 2, 2, 2, 3, 4}[i]) * time.Hour)
			w.add(m)
		}
		for _, brand := range []string{"", "Acme"} {
			q := store.LatestQuery{Brand: brand, Limit: 2}
			var pages [][]string
			for page := w.latest(q); len(page) > 0; page = w.latest(q) {
				pages = append(pages, textsOf(page))
				last := page[len(page)-1]
				q.Before, q.BeforeID = last.At, last.ID
			}
			want(w, "pages of brand "+brand, pages, [][]string{{"6", "5"}, {"4", "3"}, {"2", "1"}, {"0"}})
			want(w, "strictly before", textsOf(w.latest(store.LatestQuery{Brand: brand, Before: noon.Add(2 * time.Hour)})), []string{"1", "0"})
		}
	}},
	{"a page that looks at few posts says where to go on", func(w *world) {
		for i := range 40 {
			m := w.post(fmt.Sprint(i), fmt.Sprint("word ", []string{"bad", "good"}[min(i, 1)], " ", i), "Acme")
			m.At = noon.Add(time.Duration(i) * time.Hour)
			w.add(m)
		}
		w.score("v1")
		w.index()
		q := store.LatestQuery{Polarity: mention.Negative, Limit: 2}
		pages, p := 1, must1(w.s.LatestPage(w.t.Context(), q, 3))(w)
		for ; !p.Before.IsZero(); pages++ {
			want(w, "found on the way", textsOf(p.Mentions), nil)
			q.Before, q.BeforeID = p.Before, p.BeforeID
			p = must1(w.s.LatestPage(w.t.Context(), q, 3))(w)
		}
		want(w, "found at the end", textsOf(p.Mentions), []string{"word bad 0"})
		if pages < 2 || pages > 20 {
			w.t.Errorf("it took %d pages of three posts", pages)
		}
		found := must1(w.s.SearchPage(w.t.Context(), store.SearchQuery{Text: "word", Limit: 3}, 3))(w)
		want(w, "a full page", textsOf(found.Mentions), []string{"word good 39", "word good 38", "word good 37"})
		want(w, "goes on by its last mention", found.Before.IsZero(), true)
	}},
	{"the latest can be chosen by brand and polarity", func(w *world) {
		w.add(w.post("1", "bad", "Acme"), w.post("2", "good", "Acme", "Zeta"), w.post("3", "bad", "Zeta"))
		w.score("v1")
		w.add(w.post("4", "bad, unscored", "Acme"))
		for _, c := range []struct {
			brand    string
			polarity mention.Polarity
			want     []string
		}{
			{"", "", []string{"bad, unscored", "bad", "good", "bad"}},
			{"Acme", "", []string{"bad, unscored", "good", "bad"}},
			{"Acme", mention.Negative, []string{"bad"}},
			{"", mention.Positive, []string{"good"}},
			{"Zeta", mention.Unknown, nil},
			{"Omega", "", nil},
		} {
			got := textsOf(w.latest(store.LatestQuery{Brand: c.brand, Polarity: c.polarity}))
			want(w, fmt.Sprintf("brand %q, polarity %q", c.brand, c.polarity), got, c.want)
		}
	}},
	{"what is hidden or erased is not shown, whatever is asked", func(w *world) {
		bea, cas := w.post("2", "bad", "Acme"), w.post("3", "fine, bad", "Acme")
		bea.Author, cas.Author = w.s.AuthorKey("net", "bea"), w.s.AuthorKey("net", "cas")
		w.add(w.post("1", "bad", "Acme"), bea, cas)
		w.score("v1")
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1"), w.authorGone("bea", true)}})
		for _, q := range []store.LatestQuery{{}, {Brand: "Acme"}, {Polarity: mention.Negative}, {Before: noon.Add(time.Hour)}} {
			want(w, fmt.Sprintf("%+v", q), textsOf(w.latest(q)), []string{"fine, bad"})
		}
	}},
	{"the latest can be chosen by source, language and time", func(w *world) {
		for i, native := range []string{"1", "2", "3"} {
			m := w.post(native, "net "+native, "Acme")
			m.At = noon.Add(time.Duration(i) * time.Hour)
			w.add(m)
		}
		other := w.post("1", "web 1", "Acme", "Zeta")
		other.Source = "web"
		_, err := w.s.Add(w.t.Context(), store.Intake{Source: "web", Mentions: []mention.Mention{other}})
		must(w, err)
		w.score("v1") // all are English
		unscored := w.post("4", "unscored", "Acme")
		unscored.At = noon.Add(-time.Hour)
		w.add(unscored)
		for _, c := range []struct {
			q    store.LatestQuery
			want []string
		}{
			{store.LatestQuery{Source: "web"}, []string{"web 1"}},
			{store.LatestQuery{Source: "net", Brand: "Zeta"}, nil},
			{store.LatestQuery{Source: "net", Since: noon.Add(time.Hour)}, []string{"net 3", "net 2"}},
			{store.LatestQuery{Source: "radio"}, nil},
			{store.LatestQuery{Language: "en", Since: noon.Add(time.Hour)}, []string{"net 3", "net 2"}},
			{store.LatestQuery{Language: "en", Brand: "Zeta"}, []string{"web 1"}},
			{store.LatestQuery{Language: "es"}, nil},
			{store.LatestQuery{Brand: "Acme", Since: noon.Add(time.Hour), Before: noon.Add(2 * time.Hour)}, []string{"net 2"}},
			{store.LatestQuery{Before: noon}, []string{"unscored"}},
		} {
			want(w, fmt.Sprintf("%+v", c.q), textsOf(w.latest(c.q)), c.want)
		}
	}},
}
