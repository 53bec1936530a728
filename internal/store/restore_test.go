package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// by makes a post of an author, told by its id.
func by(s *store.Store, author, native string) mention.Mention {
	return mention.Mention{Source: "net", Native: native, Revision: "1", Author: s.AuthorKey("net", author), Text: native,
		At: noon, Seen: noon, Form: "post", Brands: []string{"Acme"}}
}

func gone(s *store.Store, author string, hidden bool) store.Intake {
	return store.Intake{Gone: []mention.Gone{{Author: s.AuthorKey("net", author), Hidden: hidden}}}
}

// deletedSince is a store of which much was deleted after its backup.
func deletedSince(t *testing.T) (s *store.Store, dir, path string) {
	t.Helper()
	dir = t.TempDir()
	s = open(t, dir)
	add(t, s, store.Intake{Mentions: []mention.Mention{by(s, "fay", "fay-0")}})
	if _, err := s.Forget(t.Context(), "net", "fay"); err != nil {
		t.Fatal(err)
	}
	add(t, s, store.Intake{Mentions: []mention.Mention{by(s, "ana", "ana-1"), by(s, "ana", "ana-2"), by(s, "bea", "bea-1"),
		by(s, "cas", "cas-1"), by(s, "dan", "dan-1"), by(s, "eva", "eva-1"), by(s, "fay", "fay-1"), by(s, "gil", "gil-1")}})
	add(t, s, gone(s, "gil", true))
	path = backup(t, s)
	add(t, s, store.Intake{Gone: []mention.Gone{{Native: "ana-1"}, {Native: "never seen"}}})
	add(t, s, gone(s, "bea", false))
	add(t, s, gone(s, "cas", true))
	add(t, s, gone(s, "dan", true))
	add(t, s, store.Intake{Back: []mention.Key{s.AuthorKey("net", "dan"), s.AuthorKey("net", "gil")}})
	if n, err := s.Forget(t.Context(), "net", "eva"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	return s, dir, path
}

const left = "gil-1, fay-1, dan-1, ana-2"

func TestRestoreMakesDeletionsAgain(t *testing.T) {
	s, dir, path := deletedSince(t)
	if got := shown(t, s); got != left {
		t.Fatalf("before: got %s, want %s", got, left)
	}
	got, r := restore(t, path, filepath.Join(dir, "deletions.log"))
	if texts := shown(t, got); texts != left {
		t.Errorf("got %s, want %s", texts, left)
	}
	if r.Deletions != 7 || r.Erased != 3 { // ana-1, bea, cas, dan away and back, gil back, eva
		t.Errorf("got %+v, want 7 deletions and 3 posts erased", r)
	}
	a := add(t, got, store.Intake{Mentions: []mention.Mention{by(s, "ana", "ana-1"), by(s, "bea", "bea-2"), by(s, "eva", "eva-1"), by(s, "cas", "cas-2")}})
	if a.Blocked != 3 || a.New != 1 {
		t.Errorf("replay: got %+v, want 3 blocked", a)
	}
	if texts := shown(t, got); texts != left {
		t.Errorf("after a replay: got %s, want %s", texts, left)
	}
}

// The restored store goes on where the lost one was: its own backups, and the
// older one, still find their deletions.
func TestRestoringAgain(t *testing.T) {
	_, dir, path := deletedSince(t)
	second, _ := restore(t, path, filepath.Join(dir, "deletions.log"))
	add(t, second, store.Intake{Gone: []mention.Gone{{Native: "ana-2"}}})
	later := backup(t, second)
	third, r := restore(t, path, filepath.Join(later, "deletions.log"))
	if texts, want := shown(t, third), "gil-1, fay-1, dan-1"; texts != want || r.Deletions != 8 {
		t.Errorf("got %s, %+v, want %s by 8 deletions", texts, r, want)
	}
	if fourth, r := restore(t, later, ""); shown(t, fourth) != "gil-1, fay-1, dan-1" || r.Deletions != 0 {
		t.Errorf("got %s, %+v, want the same by none", shown(t, fourth), r)
	}
}

// Without the log, what was deleted since is back, and the result says up to
// when deletions are known.
func TestRestoreWithoutTheLog(t *testing.T) {
	_, _, path := deletedSince(t)
	got, r := restore(t, path, "")
	if texts, want := shown(t, got), "fay-1, eva-1, dan-1, cas-1, bea-1, ana-2, ana-1"; texts != want || r.Deletions != 0 || r.Known.After(r.Made) {
		t.Errorf("got %s, %+v, want %s", texts, r, want)
	}
}

func TestRestoreRefuses(t *testing.T) {
	_, dir, path := deletedSince(t)
	log := filepath.Join(dir, "deletions.log")
	whole, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	other, otherDir := open(t, t.TempDir()), ""
	for _, native := range []string{"1", "2", "3", "4", "5"} {
		add(t, other, store.Intake{Mentions: []mention.Mention{by(other, "ana", native)}})
		add(t, other, store.Intake{Gone: []mention.Gone{{Native: native}}})
	}
	otherDir = backup(t, other)
	damaged := append([]byte(nil), whole...)
	damaged[5*32+20]++
	file := func(b []byte) string {
		p := filepath.Join(t.TempDir(), "log")
		write(b)(t, p)
		return p
	}
	for _, tt := range []struct{ name, log, want string }{
		{"a log that is not there", filepath.Join(dir, "nowhere"), "nowhere"},
		{"another store's log", filepath.Join(otherDir, "deletions.log"), "another store's"},
		{"an older log", file(whole[:64]), "an older copy"},
		{"a damaged log", file(damaged), "entry 5 is damaged"},
		{"no log", file([]byte("nothing of the kind, but as long as one")), "damaged"},
	} {
		into := filepath.Join(t.TempDir(), "new")
		if _, err := store.Restore(t.Context(), path, into, tt.log); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if left, err := os.ReadDir(into); len(left) > 0 || err != nil {
			t.Errorf("%s: it left %v, error %v", tt.name, left, err)
		}
	}
	if _, err := store.Restore(t.Context(), path, dir, log); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into a store: got %v, want fs.ErrExist", err)
	}
	unfinished := t.TempDir()
	if err := os.Mkdir(filepath.Join(unfinished, "restoring"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), unfinished, store.Options{}); err == nil || !strings.Contains(err.Error(), "restore again") {
		t.Errorf("an unfinished restore: got %v, want it refused", err)
	}
}

// A lost log is begun again; that older backups have a gap then, shows when
// one is restored.
func TestLostLogIsBegunAgain(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "deletions.log")
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, store.Intake{Mentions: []mention.Mention{by(s, "ana", "1"), by(s, "ana", "2"), by(s, "ana", "3")}})
	before := backup(t, s)
	add(t, s, store.Intake{Gone: []mention.Gone{{Native: "1"}}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	remove(t, log)
	s = open(t, dir)
	after := backup(t, s)
	add(t, s, store.Intake{Gone: []mention.Gone{{Native: "2"}}})
	if _, err := store.Restore(t.Context(), before, filepath.Join(t.TempDir(), "new"), log); err == nil || !strings.Contains(err.Error(), "are lost") {
		t.Errorf("got %v, want to be told that deletions are lost", err)
	}
	if got, r := restore(t, after, log); shown(t, got) != "3" || r.Erased != 1 {
		t.Errorf("got %s, %+v, want 3", shown(t, got), r)
	}
}

// What a power cut left half written at the end of the log is cut off; what is
// whole there is believed, committed or not.
func TestEndOfTheLogAfterACrash(t *testing.T) {
	for name, tail := range map[string][]byte{"part of an entry": make([]byte, 7), "zeros": make([]byte, 64), "both": make([]byte, 71)} {
		dir := t.TempDir()
		log := filepath.Join(dir, "deletions.log")
		s, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		add(t, s, store.Intake{Mentions: []mention.Mention{by(s, "ana", "1"), by(s, "ana", "2"), by(s, "ana", "3")}})
		path := backup(t, s)
		add(t, s, store.Intake{Gone: []mention.Gone{{Native: "1"}}})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(log)
		if err != nil || len(whole) != 64 {
			t.Fatal(len(whole), err)
		}
		write(append(whole, tail...))(t, log)
		if got, _ := restore(t, path, log); shown(t, got) != "3, 2" {
			t.Errorf("%s, restored from a log never opened again: got %s", name, shown(t, got))
		}
		s = open(t, dir)
		add(t, s, store.Intake{Gone: []mention.Gone{{Native: "2"}}})
		if got, _ := restore(t, path, log); shown(t, got) != "3" {
			t.Errorf("%s: got %s, want 3", name, shown(t, got))
		}
	}
}

func TestDamagedLogStopsTheStore(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "elsewhere.log")
	o := store.Options{Deletions: log, Now: func() time.Time { return noon }}
	s, err := store.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, store.Intake{Mentions: []mention.Mention{by(s, "ana", "1")}})
	add(t, s, store.Intake{Gone: []mention.Gone{{Native: "1"}}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"cut": b[:32], "changed": append(append([]byte(nil), b[:40]...), make([]byte, 24)...)} {
		write(bad)(t, log)
		if _, err := store.Open(t.Context(), dir, o); err == nil || !strings.Contains(err.Error(), log) {
			t.Errorf("%s: got %v, want it refused with its path", name, err)
		}
	}
	write(b)(t, log)
	s, err = store.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
