package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Mentions that come together, known ones, newer revisions and the same post
// several times among them, end as if each had come alone, in the same places
// of the log.
func TestTogetherAsOneByOne(t *testing.T) {
	together, alone := open(t, t.TempDir()), open(t, t.TempDir())
	r := rand.New(rand.NewPCG(3, 7))
	seen := map[string]int{}
	for round := range 30 {
		in := store.Intake{Source: "net"}
		for range r.IntN(200) {
			n, revision := r.IntN(400), r.IntN(4)
			m := mention.Mention{Source: "net", Native: fmt.Sprint(n), Revision: fmt.Sprint(revision), Form: []string{"post", "reply"}[n%2],
				Text: fmt.Sprintf("%d, version %d", n, revision), At: noon.Add(time.Duration(n) * time.Second), Seen: noon.Add(time.Hour),
				Brands: [][]string{{"Acme"}, {"Acme", "Zeta"}, {"Zeta"}, nil}[r.IntN(4)]}
			in.Mentions = append(in.Mentions, m)
		}
		removals := store.Intake{Source: "net", Gone: []mention.Gone{{Native: fmt.Sprint(r.IntN(400))}}}
		var got, want store.Added
		a := add(t, together, named(together, in))
		got = plus(got, plus(a, add(t, together, withAuthor(together, removals, round))))
		for i := range in.Mentions {
			want = plus(want, add(t, alone, named(alone, store.Intake{Source: "net", Mentions: in.Mentions[i : i+1]})))
		}
		want = plus(want, add(t, alone, withAuthor(alone, removals, round)))
		if got != want {
			t.Fatalf("round %d: got %+v, want %+v", round, got, want)
		}
		for k, n := range map[string]int{"new": got.New, "revised": got.Revised, "known": got.Known, "blocked": got.Blocked} {
			seen[k] += n
		}
	}
	a, b := log(t, together), log(t, alone)
	for i := range min(len(a), len(b)) {
		if !reflect.DeepEqual(a[i], b[i]) {
			t.Fatalf("at %d got\n%+v\nwant\n%+v", i, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Errorf("got %d mentions, want %d", len(a), len(b))
	}
	for _, k := range []string{"new", "revised", "known", "blocked"} {
		if seen[k] < 50 {
			t.Errorf("only %d were %s: it shows nothing", seen[k], k)
		}
	}
}

// named gives every mention one of forty authors, by the store's own keys.
func named(s *store.Store, in store.Intake) store.Intake {
	for i := range in.Mentions {
		m := &in.Mentions[i]
		m.Author = s.AuthorKey("net", m.Native[len(m.Native)-1:]+m.Native[:1])
	}
	return in
}

// withAuthor adds an author to what is removed: hidden in odd rounds, for good in
// even ones.
func withAuthor(s *store.Store, in store.Intake, round int) store.Intake {
	in.Gone = append(in.Gone[:1:1], mention.Gone{Author: s.AuthorKey("net", fmt.Sprint(round%10)+fmt.Sprint(round%7)), Hidden: round%2 == 1})
	return in
}

func plus(a, b store.Added) store.Added {
	a.New += b.New
	a.Revised += b.Revised
	a.Known += b.Known
	a.Blocked += b.Blocked
	a.Erased += b.Erased
	a.Hidden += b.Hidden
	a.Restored += b.Restored
	return a
}

// log is all that a store has, in its order, without the keys of authors.
func log(t *testing.T, s *store.Store) []mention.Mention {
	t.Helper()
	ms, err := s.Recent(t.Context(), "nobody", 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ms {
		ms[i].Author = mention.Key{}
	}
	return ms
}
