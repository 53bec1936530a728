package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// rare is a word that shares no long beginning with another: the index keeps
// only what differs from the word before.
func rare(r *rand.Rand) string {
	w := make([]byte, 16)
	for i := range w {
		w[i] = byte('a' + r.IntN(26))
	}
	return string(w)
}

// ends counts on disk the ends of words.
func ends(t *testing.T, dir string, words []string) (n int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	wal, err := os.ReadFile(filepath.Join(dir, "confianza.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		for _, file := range [][]byte{b, wal} {
			n += bytes.Count(file, []byte(w[6:]))
		}
	}
	return n
}

func indexAll(t testing.TB, s *store.Store) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = s.Index(t.Context(), 700); err != nil {
			t.Fatal(err)
		}
	}
}

// Erased words stay in the index's pages until the day's next sweep or Forget,
// and not longer, however the index grew and merged meanwhile.
func TestErasedWordsLeaveTheIndex(t *testing.T) {
	dir, now := t.TempDir(), noon
	s, err := store.Open(t.Context(), dir, store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := rand.New(rand.NewPCG(5, 6))
	var gone, stay []string
	word := map[int]string{}
	for batch := range 30 {
		in := store.Intake{Source: "net"}
		for i := range 200 {
			n := 200*batch + i
			word[n] = rare(r)
			m := some(s, n, 1, noon)[0]
			m.Text, m.URL = word[n]+strings.Repeat(" Acme again", r.IntN(40)), ""
			m.Author = s.AuthorKey("net", []string{"ana", "bea"}[i/190])
			in.Mentions = append(in.Mentions, m)
		}
		if _, err := s.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		indexAll(t, s)
		in = store.Intake{Source: "net"}
		for range 20 {
			if n := r.IntN(200 * (batch + 1)); word[n] != "" && n%200 < 190 {
				in.Gone = append(in.Gone, mention.Gone{Native: fmt.Sprint(n)})
				gone = append(gone, word[n])
				delete(word, n)
			}
		}
		if _, err := s.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Hour)
		if batch == 5 || batch == 17 || batch == 18 { // the second is a day after the first, the third is not
			if _, err := s.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := ends(t, dir, gone); (n > 0) != (batch == 18) {
				t.Errorf("%d erased words are on disk after pruning batch %d", n, batch)
			}
		}
	}
	var beas []string
	for n, w := range word {
		if n%200 >= 190 {
			beas = append(beas, w)
		} else {
			stay = append(stay, w)
		}
	}
	if n := ends(t, dir, gone); n < 100 {
		t.Fatalf("%d erased words are in the index before pruning: this test would see nothing", n)
	}
	if n := ends(t, dir, beas); n < 2*len(beas) {
		t.Fatalf("%d of %d words of an author are on disk: this test would see nothing", n, len(beas))
	}
	if n, err := s.Forget(t.Context(), "net", "bea"); err != nil || n != len(beas) {
		t.Fatalf("got %d forgotten, want %d; error %v", n, len(beas), err)
	}
	if n := ends(t, dir, append(gone, beas...)); n != 0 {
		t.Errorf("%d erased words are on disk after forgetting", n)
	}
	if n := ends(t, dir, stay); n < 2*len(stay)*98/100 { // in the text and in the index, a few cut by a page's end
		t.Errorf("%d traces of %d words that stay, want two each", n, len(stay))
	}
	for _, w := range append(stay[:20:20], gone[:20]...) {
		ms, err := s.Search(t.Context(), store.SearchQuery{Text: w, Limit: 2})
		if err != nil || len(ms) > 1 || len(ms) == 1 && !strings.HasPrefix(ms[0].Text, w) {
			t.Fatalf("found %d for %s, error %v", len(ms), w, err)
		}
	}
}

// spoken makes n mentions of a source with a rare word each, and a text now
// short, now longer than a page.
func spoken(r *rand.Rand, source string, first, n int) (ms []mention.Mention, words []string) {
	for i := range n {
		w, fill := rare(r), r.IntN(60)
		if r.IntN(40) == 0 {
			fill = 3000
		}
		ms = append(ms, mention.Mention{Source: source, Native: fmt.Sprint(first + i), Revision: "1", Form: "post",
			Text: w + strings.Repeat(" word", fill), At: noon, Seen: noon, Brands: []string{"Acme"}})
		words = append(words, w)
	}
	return ms, words
}

// Rows of blanks go without moving the rows beside them: no copy of those is
// left that a later deletion would not find. The room of those that went is
// used again.
func TestReclaimedRowsLeaveNoCopies(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := rand.New(rand.NewPCG(7, 8))
	var erased, alive []string
	add := func(source string, n int) (words []string) {
		ms, words := spoken(r, source, len(erased)+len(alive), n)
		if _, err := s.Add(t.Context(), store.Intake{Source: source, Mentions: ms}); err != nil {
			t.Fatal(err)
		}
		return words
	}
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, "confianza.db"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var before int64
	for round := range 2 {
		for range 5 {
			erased = append(erased, add("old", 1200+r.IntN(200))...)
			alive = append(alive, add("new", 1+r.IntN(6))...)
		}
		if _, err := s.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			before = size()
		}
		if _, err := s.Retain(t.Context(), "old", noon.AddDate(1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := ends(t, dir, erased); n != 0 {
			t.Errorf("%d erased words are on disk", n)
		}
		if n := ends(t, dir, alive); n != len(alive) {
			t.Errorf("%d copies of %d words that stay", n, len(alive))
		}
	}
	// The second five runs took the room of the first, but for margins.
	if grown := size() - before; grown > before*2/3 {
		t.Errorf("the database grew from %d by %d bytes for as many texts as were erased", before, grown)
	}
}

func TestRetainBlocksNobodyForLong(t *testing.T) {
	s := open(t, t.TempDir())
	for n := 0; n < 20_000; n += 1000 {
		if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: some(s, n, 1000, noon)}); err != nil {
			t.Fatal(err)
		}
	}
	indexAll(t, s)
	done := make(chan error)
	go func() {
		n, err := s.Retain(t.Context(), "net", noon.AddDate(1, 0, 0))
		if err == nil && n != 20_000 {
			err = fmt.Errorf("got %d retained, want 20000", n)
		}
		done <- err
	}()
	added := 0
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			if added < 5 { // each waits for one small transaction, and there are forty
				t.Errorf("only %d intakes were let in", added)
			}
			return
		default:
		}
		if _, err := s.Add(t.Context(), store.Intake{Source: "web", Mentions: some(s, 50_000+added, 1, noon.AddDate(2, 0, 0))}); err != nil {
			t.Fatal(err)
		}
		added++
	}
}
