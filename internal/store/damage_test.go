package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"confianza/internal/store"
)

// closed makes a store with 300 mentions, closes it, and gives its folder.
func closed(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: some(s, 0, 300, noon)}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDamagedStoreIsRefusedByName(t *testing.T) {
	tests := []struct {
		name, file string
		damage     func(t *testing.T, path string)
		want       string // in the error, besides the file's path
	}{
		{"a lost secret", "secret.key", remove, "is lost, restore it"},
		{"a short secret", "secret.key", write([]byte("short")), "has 5 bytes instead of 32"},
		{"a long secret", "secret.key", write(bytes.Repeat([]byte("x"), 33)), "has 33 bytes instead of 32"},
		{"another store's secret", "secret.key", write(bytes.Repeat([]byte("x"), 32)), "belongs to another store"},
		{"not a database", "confianza.db", write(bytes.Repeat([]byte("no"), 4000)), "is damaged, restore"},
		{"a database cut short", "confianza.db", cut, "is damaged, restore"},
		{"a newer layout", "confianza.db", newer, "written by a newer confianza (layout 99, this one knows 11)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := closed(t)
			path := filepath.Join(dir, tt.file)
			tt.damage(t, path)
			s, err := store.Open(t.Context(), dir, store.Options{})
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			if !strings.HasPrefix(err.Error(), "store: ") || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant it to name %s and to say %q", err, path, tt.want)
			}
			if _, err := os.Stat(filepath.Join(dir, "secret.key")); tt.file == "secret.key" && tt.name == "a lost secret" && err == nil {
				t.Error("a new secret was made for an old store")
			}
			again(t, dir) // the lock was let go of
		})
	}
}

func again(t *testing.T, dir string) {
	t.Helper()
	if _, err := store.Open(t.Context(), dir, store.Options{}); err == nil || strings.Contains(err.Error(), "is held by") {
		t.Errorf("got %v, want the same refusal again", err)
	}
}

// The damage is in pages that opening does not read.
func TestDamageFoundLaterNamesTheFile(t *testing.T) {
	dir := closed(t)
	path := filepath.Join(dir, "confianza.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Pages with texts, their headers included.
	for page := 4096; page+4096 <= len(b); page += 4096 {
		if bytes.Contains(b[page:page+4096], []byte("lost my data")) {
			copy(b[page:page+4096], bytes.Repeat([]byte{0xa5}, 4096))
		}
	}
	write(b)(t, path)
	s := open(t, dir)
	_, err = s.Latest(t.Context(), store.LatestQuery{Limit: 300})
	if err == nil || !strings.Contains(err.Error(), path+" is damaged") {
		t.Errorf("got %v, want it to name %s", err, path)
	}
}

func TestUnfinishedSecretIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	write([]byte("half"))(t, filepath.Join(dir, "secret.key.part"))
	s := open(t, dir)
	if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: some(s, 0, 1, noon)}); err != nil {
		t.Error(err)
	}
}

func remove(t *testing.T, path string) {
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func write(b []byte) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func cut(t *testing.T, path string) {
	if err := os.Truncate(path, 3*4096); err != nil {
		t.Fatal(err)
	}
}

func newer(t *testing.T, path string) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		t.Fatal(err)
	}
}

// An emptied database would otherwise begin anew under the old secret, and
// nobody would notice.
func TestSecretProvesThatThereWasAStore(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"gone":    os.Remove,
		"emptied": func(path string) error { return os.Truncate(path, 0) },
	} {
		dir := t.TempDir()
		s, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := harm(filepath.Join(dir, "confianza.db")); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), dir, store.Options{}); err == nil || !strings.Contains(err.Error(), "confianza.db is gone or empty though its secret is there") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
