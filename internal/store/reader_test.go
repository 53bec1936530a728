package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"confianza/internal/mention"
	"confianza/internal/store"
)

func reader(t *testing.T, dir string) *store.Reader {
	t.Helper()
	r, err := store.OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return r
}

func latest(t *testing.T, r interface {
	Latest(context.Context, store.LatestQuery) ([]mention.Mention, error)
}) []mention.Mention {
	t.Helper()
	ms, err := r.Latest(t.Context(), store.LatestQuery{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	return ms
}

// The writer is another process, that goes on writing.
func TestReaderBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	next, kill := child(t, dir)
	next()
	r := reader(t, dir)
	before, acknowledged := len(latest(t, r)), 0
	for range 20 { // lines that may have been waiting since before the first look
		var err error
		if acknowledged, err = strconv.Atoi(next()); err != nil {
			t.Fatal("the writer ended: a reader kept it from writing")
		}
	}
	if after := len(latest(t, r)); after < max(before, acknowledged) {
		t.Errorf("saw %d mentions, then %d, when %d were acknowledged", before, after, acknowledged)
	}
	kill()
	for next() != "" { // until the kernel has ended it
	}
	killed := len(latest(t, reader(t, dir))) // its log is not in the database yet
	if s := open(t, dir); len(latest(t, s)) != killed {
		t.Errorf("a reader saw %d mentions after the kill, the next writer %d", killed, len(latest(t, s)))
	}
}

// A label that came after the reader has opened is read as it is written.
func TestReaderLearnsWords(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, store.Intake{Source: "net", Mentions: some(s, 0, 1, noon)})
	r := reader(t, dir)
	ms := some(s, 1, 1, noon)
	ms[0].Source, ms[0].Form = "other", "review"
	if _, err := s.Add(t.Context(), store.Intake{Source: "other", Mentions: ms}); err != nil {
		t.Fatal(err)
	}
	if got := latest(t, r)[0]; got.Source != "other" || got.Form != "review" {
		t.Errorf("got source %q and form %q", got.Source, got.Form)
	}
}

func TestReaderChangesNothing(t *testing.T) {
	dir := closed(t)
	before := files(t, dir)
	r, err := store.OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(latest(t, r)); n == 0 {
		t.Error("read nothing")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if after := files(t, dir); after != before {
		t.Errorf("before:\n%safter:\n%s", before, after)
	}
}

// files lists a folder's files with what is in them.
func files(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") || strings.HasSuffix(e.Name(), "-wal") {
			continue // SQLite's own, empty
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %x\n", e.Name(), sha256.Sum256(content))
	}
	return b.String()
}

func TestReaderRefuses(t *testing.T) {
	if _, err := store.OpenReader(t.Context(), t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: got %v, want fs.ErrNotExist", err)
	}
	for version, want := range map[int64]string{-1: "older", 9999: "newer"} {
		dir := closed(t)
		db, err := sql.Open("sqlite", filepath.Join(dir, "confianza.db"))
		if err != nil {
			t.Fatal(err)
		}
		query := `INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)`
		if version < 0 {
			query = `DELETE FROM goose_db_version WHERE version_id > ? + 2`
		}
		if _, err := db.Exec(query, version); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if _, err := store.OpenReader(t.Context(), dir); err == nil || !strings.Contains(err.Error(), want+" confianza") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	dir := closed(t)
	if err := os.WriteFile(filepath.Join(dir, "restoring"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenReader(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "restore") {
		t.Errorf("an unfinished restore: got %v", err)
	}
}
