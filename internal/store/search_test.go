package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/internal/mention"
)

// However many texts match, the same are found.
func TestBothWaysOfSearchingFindTheSame(t *testing.T) {
	s := openHere(t)
	r := rand.New(rand.NewPCG(3, 3))
	words := []string{"ana", "anabel", "bus", "busy", "cat"}
	for source := range 2 {
		in := Intake{Source: fmt.Sprint("net", source)}
		for i := range 300 {
			at := time.Unix(int64(r.IntN(100)), 0)
			in.Mentions = append(in.Mentions, mention.Mention{Native: fmt.Sprint(i), Form: "post", At: at, Seen: at,
				Text: words[r.IntN(5)] + " " + words[r.IntN(5)] + " " + words[r.IntN(5)], Brands: [][]string{{"Acme"}, {"Acme", "Zeta"}}[r.IntN(2)]})
		}
		if _, err := s.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Index(t.Context(), 1000); n != 600 || err != nil {
		t.Fatal(n, err)
	}
	some := 0
	for range 200 {
		q := SearchQuery{Text: []string{"ana", "ana*", "bus cat", `"bus cat"`, `"cat an"*`, "bus* an*"}[r.IntN(6)],
			Brand: []string{"", "Zeta"}[r.IntN(2)], Source: []string{"", "net1"}[r.IntN(2)], Limit: 1 + r.IntN(60)}
		if r.IntN(2) == 0 {
			q.Span = mention.Span{From: time.Unix(int64(r.IntN(50)), 0), To: time.Unix(int64(50+r.IntN(50)), 0)}
		}
		var found [4][]int64
		for way, as := range []struct{ many, wide, posts int }{{1_000_000, 100, everything}, {0, 100, everything}, {0, -1, everything}, {0, -1, 1 + r.IntN(200)}} {
			s.many, s.wide = as.many, as.wide
			found[way] = pagesOfSearch(t, s, q, as.posts)
			if !slices.Equal(found[0], found[way]) {
				t.Fatalf("%+v: got %v when few, %v when %+v", q, found[0], found[way], as)
			}
		}
		some += len(found[0])
	}
	if some < 1000 {
		t.Errorf("only %d were found in all: this test sees nothing", some)
	}
}

// pagesOfSearch follows a search from page to page, each of which looks at so
// many posts, until it has found what was asked for.
func pagesOfSearch(t *testing.T, s *Store, q SearchQuery, posts int) (ids []int64) {
	t.Helper()
	for limit := q.Limit; ; {
		q.Limit = limit - len(ids)
		p, err := s.SearchPage(t.Context(), q, posts)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Mentions {
			ids = append(ids, m.ID)
		}
		if p.Before.IsZero() || len(ids) == limit {
			return ids
		}
		q.Before, q.BeforeID = p.Before, p.BeforeID
	}
}

// Whatever a person types is a search or a QueryError.
func FuzzSearchTakesAnything(f *testing.F) {
	for _, text := range []string{`a"b`, `"a b" c*`, "NEAR(a b)", "a:b ^c", "a\x00b\xff", "ñandú 寿司 e\u0301", "नमस्ते", "\U0001e922", "a\u0335b", "\u0301", "\u0301a"} {
		f.Add(text)
	}
	s, err := Open(f.Context(), f.TempDir(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	native := 0
	f.Fuzz(func(t *testing.T, text string) {
		all, err := terms(text)
		if err == nil && !met(phrases(all), text) && !slices.ContainsFunc(all, func(t term) bool { return t.prefix }) {
			t.Errorf("%q does not hold its own phrases %v", text, phrases(all))
		}
		native++
		m := mention.Mention{Native: fmt.Sprint(native), Text: text, Form: "post", At: time.Unix(0, 0), Seen: time.Unix(0, 0), Brands: []string{"Acme"}}
		if _, err := s.Add(t.Context(), Intake{Source: "net", Mentions: []mention.Mention{m}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Index(t.Context(), 9); err != nil {
			t.Fatal(err)
		}
		ms, err := s.Search(t.Context(), SearchQuery{Text: text, Limit: 1})
		if q := (*QueryError)(nil); errors.As(err, &q) {
			return
		}
		// SQLite reads broken UTF-8 as other letters than Go does.
		if err != nil || len(ms) == 0 && utf8.ValidString(text) {
			t.Errorf("%q: %d found, error %v; want it to find itself", text, len(ms), err)
		}
	})
}

// An index whose words were cut in another way is made again from the start.
func TestAnOlderIndexIsMadeAgain(t *testing.T) {
	s := openHere(t)
	in := Intake{Source: "net"}
	for i := range 5 {
		in.Mentions = append(in.Mentions, mention.Mention{Native: fmt.Sprint(i), Form: "post", At: time.Unix(0, 0), Seen: time.Unix(0, 0),
			Text: "data", Brands: []string{"Acme"}})
	}
	if _, err := s.Add(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{3, 2, 0} {
		if n, err := s.Index(t.Context(), 3); n != want || err != nil {
			t.Fatal(n, want, err)
		}
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE stage SET version = 'older' WHERE name = 'index'`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{3, 2, 0} {
		if n, err := s.Index(t.Context(), 3); n != want || err != nil {
			t.Errorf("again: got %d, want %d, error %v", n, want, err)
		}
	}
	var n int
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM search WHERE search MATCH 'data'`).Scan(&n); n != 5 || err != nil {
		t.Errorf("got %d posts in the index, want 5; error %v", n, err)
	}
}
