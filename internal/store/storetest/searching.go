package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var searching = []promise{
	{"words are found whatever their order, case and accents", func(w *world) {
		w.add(w.post("1", "Acme perdió MIS datos, ¡otra vez!", "Acme"), w.post("2", "mis datos están bien", "Acme"), w.post("3", "Ｎｏｔｈｉｎｇ", "Acme"))
		w.index()
		for text, texts := range map[string]int{"datos": 2, "DATOS mis": 2, "perdio": 1, "PERDIÓ": 1, "perdio\u0301": 1, "estan datos": 1,
			"dato": 0, "nadie": 0, "datos nadie": 0, "Ｎothing": 0} {
			want(w, text, len(w.find(text)), texts)
		}
	}},
	{"phrases and beginnings of words are found", func(w *world) {
		w.add(w.post("1", "they lost my data", "Acme"), w.post("2", "my data they lost; I don't care", "Acme"), w.post("3", "database lost", "Acme"))
		w.index()
		for _, c := range []struct {
			text string
			want []string
		}{
			{`"lost my data"`, []string{"they lost my data"}},
			{`"LOST, my: data"`, []string{"they lost my data"}},
			{`“my data”`, []string{"my data they lost; I don't care", "they lost my data"}},
			{`"my data they" lost`, []string{"my data they lost; I don't care"}},
			{`"data my"`, nil},
			{`don't`, []string{"my data they lost; I don't care"}},
			{`t'don`, nil},
			{`data* lost`, []string{"database lost", "my data they lost; I don't care", "they lost my data"}},
			{`datab*`, []string{"database lost"}},
			{`"lost my dat"*`, nil}, // only a beginning in the quotes is one
			{`"lost my dat*"`, []string{"they lost my data"}},
			{`"lost my`, []string{"they lost my data"}},
		} {
			want(w, c.text, w.find(c.text), c.want)
		}
	}},
	{"what a person types is never an operator", func(w *world) {
		w.add(w.post("1", "cats or dogs", "Acme"), w.post("2", "cats", "Acme"), w.post("3", "a NEAR miss, text: gone", "Acme"))
		w.index()
		for text, texts := range map[string]int{"cats OR dogs": 1, "cats NOT dogs": 0, "-cats": 2, "text:gone": 1, "NEAR(miss text)": 1, "^cats": 2,
			"{text}: cats": 0, "(cats": 2, "cats')); --": 2, `cats" OR "dogs`: 1, "a AND miss": 0, "ca\x00ts": 0, "cats\xff": 2} {
			want(w, text, len(w.find(text)), texts)
		}
	}},
	{"nothing to look for is an error that says so", func(w *world) {
		for _, text := range []string{"", "  ", `""`, "***", "¡!", `" * "`, strings.Repeat("word ", 33)} {
			_, err := w.s.Search(w.t.Context(), store.SearchQuery{Text: text, Limit: 9})
			if q := (*store.QueryError)(nil); !errors.As(err, &q) || q.Why == "" {
				w.t.Errorf("%q: got %v, want a QueryError", text, err)
			}
		}
	}},
	{"a search can be narrowed", func(w *world) {
		for i, text := range []string{"bad data", "good data", "data", "data of Zeta"} {
			m := w.post(fmt.Sprint(i), text, []string{"Acme", "Zeta"}[i/3])
			m.At = noon.Add(time.Duration(i) * time.Hour)
			w.add(m)
		}
		w.score("v1")
		w.index()
		for _, c := range []struct {
			q    store.SearchQuery
			want []string
		}{
			{store.SearchQuery{}, []string{"data of Zeta", "data", "good data", "bad data"}},
			{store.SearchQuery{Brand: "Acme"}, []string{"data", "good data", "bad data"}},
			{store.SearchQuery{Polarity: mention.Negative}, []string{"bad data"}},
			{store.SearchQuery{Language: "en", Brand: "Zeta"}, []string{"data of Zeta"}},
			{store.SearchQuery{Language: "es"}, nil},
			{store.SearchQuery{Source: "web"}, nil},
			{store.SearchQuery{Span: mention.Span{From: noon.Add(time.Hour), To: noon.Add(3 * time.Hour)}}, []string{"data", "good data"}},
			{store.SearchQuery{Span: mention.Span{To: noon.Add(time.Hour)}, Before: noon.Add(time.Hour), BeforeID: 99}, []string{"bad data"}},
			{store.SearchQuery{Limit: 1, Before: noon.Add(2 * time.Hour)}, []string{"good data"}},
		} {
			q := c.q
			q.Text = "data"
			want(w, fmt.Sprintf("%+v", c.q), textsOf(w.search(q)), c.want)
		}
	}},
	{"what is found comes newest event first, page after page", func(w *world) {
		for i := range 9 { // two an hour, and one in three without the phrase
			m := w.post(fmt.Sprint(i), fmt.Sprint(i, []string{" my data", " my data", " data of my aunt"}[i%3]), "Acme")
			m.At = noon.Add(time.Duration(i/2) * time.Hour)
			w.add(m)
		}
		w.index()
		q := store.SearchQuery{Text: `"my data"`, Limit: 4}
		var pages [][]string
		for page := w.search(q); len(page) > 0; page = w.search(q) {
			var found []string
			for _, text := range textsOf(page) {
				found = append(found, text[:1])
			}
			pages = append(pages, found)
			q.Before, q.BeforeID = page[len(page)-1].At, page[len(page)-1].ID
		}
		want(w, "pages", pages, [][]string{{"7", "6", "4", "3"}, {"1", "0"}})
	}},
	{"only what the index has passed is found, in pieces too", func(w *world) {
		w.add(w.post("1", "data", "Acme"), w.post("2", "data", "Acme"), w.post("3", "data", "Acme"))
		for i, passed := range []int{2, 1, 0} {
			want(w, "found before", len(w.find("data")), min(2*i, 3))
			n, err := w.s.Index(w.t.Context(), 2)
			must(w, err)
			want(w, "passed", n, passed)
		}
		w.reopen()
		want(w, "found", len(w.find("data")), 3)
		want(w, "passed again", w.index(), 0)
	}},
	{"a revision is found by its new words only", func(w *world) {
		m := w.post("1", "old words", "Acme")
		w.add(m, w.post("2", "old friends", "Acme"))
		w.index()
		w.add(revised(m, "2", "new words", "Acme"))
		want(w, "old, not indexed yet", w.find("old"), []string{"old friends"})
		w.index()
		want(w, "old", w.find("old"), []string{"old friends"})
		want(w, "new", w.find("new"), []string{"new words"})
		w.add(revised(m, "3", "ours no more"))
		want(w, "of no brand", w.find("words"), nil)
		w.index()
		want(w, "of no brand, indexed", w.find("ours"), nil)
	}},
	{"what is hidden or erased is not found", func(w *world) {
		bea := w.post("2", "data of bea", "Acme")
		bea.Author = w.s.AuthorKey("net", "bea")
		cas := w.post("3", "data of cas", "Acme")
		cas.Author = w.s.AuthorKey("net", "cas")
		w.add(w.post("1", "data", "Acme"), bea, cas, w.post("4", "data to stay", "Acme"))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}}) // before it is indexed
		w.index()
		want(w, "found", w.find("data"), []string{"data to stay", "data of cas", "data of bea"})
		w.take(store.Intake{Gone: []mention.Gone{w.authorGone("bea", true)}})
		w.forget("net", "cas")
		want(w, "found", w.find("data"), []string{"data to stay"})
		w.take(store.Intake{Back: []mention.Key{bea.Author}})
		want(w, "found once back", w.find("data"), []string{"data to stay", "data of bea"})
		w.prune()
		want(w, "found after pruning", w.find("data"), []string{"data to stay", "data of bea"})
	}},
}

// index lets the index catch up, and returns how many posts it passed.
func (w *world) index() (posts int) {
	w.t.Helper()
	for {
		n, err := w.s.Index(w.t.Context(), 3)
		must(w, err)
		if posts += n; n == 0 {
			return posts
		}
	}
}

func (w *world) search(q store.SearchQuery) []mention.Mention {
	w.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	ms, err := w.s.Search(w.t.Context(), q)
	must(w, err)
	return ms
}

// find gives the texts that a search for words finds, newest event first.
func (w *world) find(text string) []string {
	w.t.Helper()
	return textsOf(w.search(store.SearchQuery{Text: text}))
}
