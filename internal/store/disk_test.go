package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// onDisk counts how often text occurs in the store's files.
func onDisk(t *testing.T, dir, text string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 4 { // database, its log, secret, lock
		t.Fatalf("files %v, error %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(b, []byte(text))
	}
	return n
}

// marked makes a post whose text, id and address all carry mark, with a text
// now short, now longer than a page of the database.
func marked(s *store.Store, r *rand.Rand, native, revision, author, mark string) mention.Mention {
	fill := r.IntN(40)
	if r.IntN(20) == 0 {
		fill = 600
	}
	return mention.Mention{Source: "net", Native: mark + native, Revision: revision, URL: "https://net.example/" + mark + native,
		Author: s.AuthorKey("net", author), Text: mark + strings.Repeat("Acme, again ", fill), At: noon, Seen: noon,
		Form: "post", Brands: []string{"Acme"}}
}

func TestForgottenTextsAreGoneFromTheFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := rand.New(rand.NewPCG(1, 2))
	begin(t, s)
	for batch := range 20 {
		var in store.Intake
		in.Source = "net"
		for i := range 60 { // 20 posts of each author a batch
			author := []string{"ana", "bea", "cas"}[i%3]
			in.Mentions = append(in.Mentions, marked(s, r, fmt.Sprint(batch, ".", i), "1", author, "by-"+author+"-"))
		}
		for range 10 * min(batch, 1) { // and some of ana's earlier ones again
			native := fmt.Sprint(r.IntN(batch), ".", 3*r.IntN(20))
			in.Mentions = append(in.Mentions, marked(s, r, native, fmt.Sprintf("2.%02d", batch), "ana", "by-ana-"))
		}
		if _, err := s.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if batch%3 == 0 {
			scoreAll(t, s)
		}
	}
	if onDisk(t, dir, "by-ana-") < 1000 {
		t.Fatal("the texts are not on disk as text: this test would see nothing")
	}
	n, err := s.Forget(t.Context(), "net", "ana")
	if err != nil || n != 400 {
		t.Fatalf("got %d forgotten, want 400; error %v", n, err)
	}
	if n := onDisk(t, dir, "by-ana-"); n != 0 {
		t.Errorf("%d traces of a forgotten author are on disk", n)
	}
	if n := onDisk(t, dir, "by-bea-"); n < 1200 { // text, id and address of 400 posts
		t.Errorf("got %d traces of an author who stays, want 1200 or more", n)
	}
}

// SQLite copies rows to other pages when pages fill and empty, and leaves the
// old bytes where they were. No version of a post that was replaced or deleted
// may be found there.
func TestReplacedAndDeletedTextsLeaveNoCopies(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := rand.New(rand.NewPCG(3, 4))
	begin(t, s)
	said, posts := 0, 0
	for range 30 {
		in := store.Intake{Source: "net"}
		say := func(native int) {
			said++
			in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(native),
				Revision: fmt.Sprintf("%05d", said), Text: fmt.Sprintf("<%05d>", said) + strings.Repeat("word ", r.IntN(90)),
				At: noon, Seen: noon, Form: "post", Brands: []string{"Acme"}})
		}
		for range 100 {
			posts++
			say(posts)
		}
		for range 30 {
			say(1 + r.IntN(posts))
		}
		for range 40 {
			in.Gone = append(in.Gone, mention.Gone{Native: fmt.Sprint(1 + r.IntN(posts))})
		}
		if _, err := s.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		scoreAll(t, s)
	}
	if _, err := s.Prune(t.Context()); err != nil { // empties the log
		t.Fatal(err)
	}
	alive := map[string]bool{}
	ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: posts})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		alive[m.Text[:len("<00000>")]] = true
	}
	if len(alive) < 1000 || len(alive) > said-1000 {
		t.Fatalf("%d of %d texts are alive: too few of either", len(alive), said)
	}
	b, err := os.ReadFile(filepath.Join(dir, "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range said {
		mark := fmt.Sprintf("<%05d>", i+1)
		want := 0
		if alive[mark] {
			want = 1
		}
		if got := bytes.Count(b, []byte(mark)); got != want {
			t.Errorf("text %s is %d times on disk, want %d", mark, got, want)
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir() // anyone may read it
	s := open(t, dir)
	if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: some(s, 0, 1, noon)}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 5 { // database, its log and index, secret, lock
		t.Fatalf("files %v, error %v", files, err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600; error %v", f.Name(), info.Mode().Perm(), err)
		}
	}
}

func TestFolderWithSignsInItsName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "año 100% #1?x=y&z")
	open(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "confianza.db")); err != nil {
		t.Error(err)
	}
}

func begin(t testing.TB, s *store.Store) {
	t.Helper()
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
}

func scoreAll(t testing.TB, s *store.Store) {
	t.Helper()
	for {
		ms, err := s.Recent(t.Context(), "score", 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(ms) == 0 {
			return
		}
		if _, err := s.Done(t.Context(), "score", ms[len(ms)-1].ID, verdicts(ms)); err != nil {
			t.Fatal(err)
		}
	}
}
