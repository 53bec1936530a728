package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

func backup(t *testing.T, s *store.Store) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "backup")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	return path
}

func restore(t *testing.T, backup, log string) (*store.Store, store.Restored) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	r, err := store.Restore(t.Context(), backup, dir, log)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, dir), r
}

func add(t *testing.T, s *store.Store, in store.Intake) store.Added {
	t.Helper()
	in.Source = "net"
	a, err := s.Add(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shown is the texts that may be shown, without their ends.
func shown(t *testing.T, s *store.Store) string {
	t.Helper()
	ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range ms {
		name, _, _ := strings.Cut(m.Text, ":")
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func TestBackupHoldsWhatTheStoreHeld(t *testing.T) {
	s := open(t, t.TempDir())
	begin(t, s)
	add(t, s, store.Intake{Mentions: some(s, 0, 300, noon), Next: "there", Heard: mention.Span{From: noon, To: noon.Add(time.Hour)}})
	scoreAll(t, s)
	indexAll(t, s)
	path := backup(t, s)
	add(t, s, store.Intake{Mentions: some(s, 300, 5, noon), Next: "later"})
	got, r := restore(t, path, "")
	if r.Deletions != 0 || r.Erased != 0 || time.Since(r.Made) > time.Minute || time.Since(r.Known) > time.Minute {
		t.Errorf("got %+v, want a backup of this minute with nothing to do again", r)
	}
	if c, err := got.Cursor(t.Context(), "net"); c != "there" || err != nil {
		t.Errorf("got cursor %q, error %v", c, err)
	}
	if ms, err := got.Search(t.Context(), store.SearchQuery{Text: "telephone", Brand: "Acme", Limit: 999}); len(ms) != 150 || err != nil {
		t.Errorf("found %d, want 150; error %v", len(ms), err)
	}
	if n, err := got.Totals(t.Context()); len(n) != 6 || err != nil { // two brands, three polarities
		t.Errorf("got %d totals, want 6; error %v", len(n), err)
	}
	if got.AuthorKey("net", "author1") != s.AuthorKey("net", "author1") {
		t.Error("the restored store has another secret")
	}
	if a := add(t, got, store.Intake{Mentions: some(got, 0, 305, noon)}); a.Known != 300 || a.New != 5 {
		t.Errorf("replay: got %+v, want 300 known and 5 new", a)
	}
}

func TestBackupOfAStoreThatIsWrittenTo(t *testing.T) {
	s := open(t, t.TempDir())
	begin(t, s)
	done, stopped := make(chan struct{}), make(chan error)
	add(t, s, store.Intake{Mentions: some(s, 0, 10, noon), Next: "10"})
	added := 10
	go func() {
		for {
			select {
			case <-done:
				stopped <- nil
				return
			default:
			}
			in := store.Intake{Source: "net", Mentions: some(s, added, 10, noon), Next: fmt.Sprint(added + 10)}
			if _, err := s.Add(t.Context(), in); err != nil {
				stopped <- err
				return
			}
			added += 10
		}
	}()
	var paths []string
	for range 5 {
		paths = append(paths, backup(t, s))
	}
	close(done)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, path := range paths {
		got, _ := restore(t, path, "")
		c, err := got.Cursor(t.Context(), "net")
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(c)
		if err != nil || n < last {
			t.Errorf("got cursor %q in a backup made after one at %d", c, last)
		}
		checkWhole(t, got, n)
		last = n
	}
}

func TestBackupIsItsOwnersAloneAndOverwritesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, store.Intake{Mentions: some(s, 0, 10, noon)})
	path := filepath.Join(t.TempDir(), "año 100% #1?x=y&z")
	part := path + ".part"
	if err := os.Mkdir(part, 0o700); err != nil { // a crash left it
		t.Fatal(err)
	}
	write([]byte("half"))(t, filepath.Join(part, "confianza.db"))
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"": 0o700, "confianza.db": 0o600, "secret.key": 0o600, "deletions.log": 0o600} {
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: got %v, want mode %v; error %v", name, info, want, err)
		}
	}
	if files, _ := os.ReadDir(path); len(files) != 3 {
		t.Errorf("got %v, want three files", files)
	}
	if err := s.Backup(t.Context(), path); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want fs.ErrExist with the path", err)
	}
	foreign := filepath.Join(t.TempDir(), "b")
	if err := os.Mkdir(foreign+".part", 0o700); err != nil {
		t.Fatal(err)
	}
	write([]byte("mine"))(t, foreign+".part/letter")
	if err := s.Backup(t.Context(), foreign); err == nil {
		t.Error("it took a folder that holds another's file")
	}
	if _, err := os.Stat(foreign + ".part/letter"); err != nil {
		t.Error(err)
	}
}

func TestBackupThatFailsLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, store.Intake{Mentions: some(s, 0, 10, noon)})
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, filepath.Join(folder, "b")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(folder, "nowhere", "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if left, err := os.ReadDir(folder); len(left) > 0 || err != nil {
		t.Errorf("it left %v, error %v", left, err)
	}
	if err := s.Backup(t.Context(), filepath.Join(folder, "b")); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestBackupHoldsNothingErased(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ms, words := spoken(rand.New(rand.NewPCG(9, 9)), "net", 0, 400)
	add(t, s, store.Intake{Mentions: ms})
	indexAll(t, s)
	var gone []mention.Gone
	for i := range 200 {
		gone = append(gone, mention.Gone{Native: fmt.Sprint(i)})
	}
	add(t, s, store.Intake{Gone: gone})
	if _, err := s.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(backup(t, s), "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range words {
		if n := bytes.Count(b, []byte(w[6:])); n > 0 && i < 200 || n == 0 && i >= 200 {
			t.Fatalf("word %d of 400, the first 200 erased, is %d times in the backup", i, n)
		}
	}
}

func TestKilledBackupsAreAllOrNothing(t *testing.T) {
	for round := range 3 {
		dir := filepath.Join(t.TempDir(), "data")
		next, kill := childDoing(t, dir, "backup")
		for range 2 + round {
			next()
		}
		kill()
		for next() != "" { // until the kernel has ended it
		}
		found, err := filepath.Glob(dir + "-backup-*")
		if err != nil || len(found) == 0 {
			t.Fatalf("found %v, error %v", found, err)
		}
		for _, path := range found {
			if strings.HasSuffix(path, ".part") {
				continue
			}
			got, _ := restore(t, path, "")
			n, _ := strconv.Atoi(path[strings.LastIndex(path, "-")+1:])
			ms, err := got.Latest(t.Context(), store.LatestQuery{Limit: 2 * n})
			if want := n - n/2000; err != nil || len(ms) != want { // one of each 2,000 deleted
				t.Errorf("%s: got %d mentions, want %d; error %v", path, len(ms), want, err)
			}
		}
		open(t, dir)
	}
}

func TestKilledRetentionIsTakenUp(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, s)
	add(t, s, store.Intake{Mentions: some(s, 0, 6000, noon)})
	scoreAll(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		next, kill := childDoing(t, dir, "retain")
		next()
		kill()
		for next() != "" {
		}
	}
	s = open(t, dir)
	ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: 9999})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		if m.Native == "" || m.URL == "" || m.Text == "" || m.Author == (mention.Key{}) {
			t.Fatalf("half erased: %+v", m)
		}
	}
	if n, err := s.Retain(t.Context(), "net", noon.AddDate(1, 0, 0)); err != nil || n != len(ms) {
		t.Errorf("got %d retained of %d left, error %v", n, len(ms), err)
	}
	if n := onDisk(t, dir, "net.example"); n != 0 {
		if _, err := s.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := onDisk(t, dir, "net.example"); n != 0 {
			t.Errorf("%d addresses are on disk", n)
		}
	}
}
