package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"confianza/internal/mention"
)

// sparse is a store with n mentions in the hours of many days, of which the
// last in a hundred are not scored yet. Language xx is written in every
// thousandth.
func sparse(t *testing.T, n int) *Store {
	t.Helper()
	s := openHere(t)
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	in := Intake{Source: "net"}
	for i := range n {
		at := time.Unix(1_700_000_000+int64(i)*97, 0)
		in.Mentions = append(in.Mentions, mention.Mention{Native: fmt.Sprint(i), Form: "post", At: at, Seen: at,
			Text: fmt.Sprint("word ", i), Brands: []string{[]string{"Acme", "Zeta"}[i%2]}})
	}
	if _, err := s.Add(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	scores := make([]Scored, n-n/100)
	for i := range scores {
		l, p := []string{"en", "es"}[i%2], mention.Polarities()[i%3]
		if i%1000 == 500 {
			l = "xx"
		}
		scores[i] = Scored{int64(i + 1), mention.Score{Language: l, Polarity: p, Negative: 1, Scorer: "v1"}}
	}
	if _, err := s.Done(t.Context(), "score", int64(len(scores)), scores); err != nil {
		t.Fatal(err)
	}
	for more := 1; more > 0; {
		var err error
		if more, err = s.Index(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Whatever is asked for, a page looks at so many posts: those the rollups know
// of are gone to at once, and others are left to the next page.
func TestAPageLooksAtSoManyPosts(t *testing.T) {
	s := sparse(t, 12_000)
	for _, tt := range []struct {
		name   string
		filter LatestQuery
		text   string
		most   int
		found  int
		looked int // at most
		all    bool
	}{
		// One in three is negative, and to read one counts as four: 20 take 60 + 80.
		{"what is common", LatestQuery{Polarity: mention.Negative}, "", 5000, 20, 145 + 120, false},
		{"a language nobody writes", LatestQuery{Language: "tlh"}, "", 5000, 0, 1000, true},
		{"a brand's language nobody writes", LatestQuery{Brand: "Acme", Language: "tlh"}, "", 5000, 0, 1000, true},
		// 12 hours with some 37 posts and 1000 before each that are looked at in vain.
		{"a language few write", LatestQuery{Language: "xx"}, "", 15_000, 12, 12 * (1000 + 38 + readingOne), true},
		// Even numbers are Acme's: xx is its alone.
		{"a language others write of", LatestQuery{Brand: "Zeta", Language: "xx"}, "", 5000, 0, 1000, true},
		// Not scored mentions are in no rollup, so that nothing can be passed over.
		{"a source that never named it", LatestQuery{Brand: "Acme", Source: "web"}, "", 5000, 0, 5000, false},
		{"a word that is rare", LatestQuery{}, "nobody", 5000, 0, 5000, false},
		{"a phrase that is rare", LatestQuery{}, `"5 word"`, 700, 0, 700 + readingOne, false},
		{"a beginning that is rare", LatestQuery{}, `nob*`, 700, 0, 700 + readingOne, false},
		{"a word in a language nobody writes", LatestQuery{Language: "tlh"}, "word", 5000, 0, 1000, true},
	} {
		tt.filter.Limit = 20
		sources, err := s.sources(t.Context(), tt.filter)
		if err != nil {
			t.Fatal(err)
		}
		l := &looking{filter: tt.filter, walk: func(f LatestQuery) *walk { return s.walk(f, sources) }, most: tt.most}
		if tt.text != "" {
			all, err := terms(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			l.ps, l.walk = folded(all), func(f LatestQuery) *walk { return s.indexed(f, sources) }
		}
		p, err := s.look(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Mentions) != tt.found || l.looked > tt.looked || l.all != tt.all {
			t.Errorf("%s: found %d, looked at %d, all of it %v; want %d, at most %d, %v",
				tt.name, len(p.Mentions), l.looked, l.all, tt.found, tt.looked, tt.all)
		}
		if cut := !tt.all && tt.found < 20; cut == p.Before.IsZero() {
			t.Errorf("%s: goes on before %v", tt.name, p.Before)
		}
	}
}

// From page to page the same is found as at once, however little each looks at
// and however far it goes on by the rollups.
func TestPagesTogetherFindEverything(t *testing.T) {
	s := sparse(t, 3000)
	if _, err := s.Retain(t.Context(), "net", time.Unix(1_700_000_000+500*97, 0)); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	some := 0
	for range 300 {
		q := LatestQuery{Brand: pick("", "Acme", "Zeta"), Source: pick("", "net", "web"), Language: pick("", "en", "es", "xx", "tlh"),
			Polarity: mention.Polarity(pick("", "negative", "positive", "unknown")), Limit: 1 + r.IntN(100)}
		if r.IntN(2) == 0 {
			q.Since = time.Unix(1_700_000_000+int64(r.IntN(3000*97)), 0)
		}
		want, err := s.Latest(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		s.patience = 1 + r.IntN(100)
		posts, limit, asked := 1+r.IntN(400), q.Limit, q
		var got []mention.Mention
		for more := true; more; {
			q.Limit = limit - len(got)
			p, err := s.LatestPage(t.Context(), q, posts)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p.Mentions...)
			q.Before, q.BeforeID = p.Before, p.BeforeID
			more = !p.Before.IsZero() && len(got) < limit
		}
		same := func(a, b mention.Mention) bool {
			return a.ID == b.ID && a.Text == b.Text && slices.Equal(a.Brands, b.Brands)
		}
		if !slices.EqualFunc(got, want, same) {
			t.Fatalf("%+v in pages of %d: found %d, want %d", asked, posts, len(got), len(want))
		}
		some += len(got)
	}
	if some < 3000 {
		t.Errorf("only %d were found in all: this test sees nothing", some)
	}
}
