package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"confianza/internal/store"
)

func TestRoom(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before, err := s.Room()
	if err != nil {
		t.Fatal(err)
	}
	if before.Size <= 0 || before.Free <= 0 || before.Disk < before.Free {
		t.Errorf("got %+v", before)
	}
	// A file of 12,345 bytes beside the others is 12,345 bytes more; a folder's own are not counted.
	if err := os.WriteFile(filepath.Join(dir, "more"), make([]byte, 12345), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	after, err := s.Room()
	if err != nil || after.Size-before.Size != 12345 {
		t.Errorf("%d bytes more, want 12345 (%v)", after.Size-before.Size, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Room(); err == nil {
		t.Errorf("a folder that is gone has room %+v", r)
	}
}
