package store_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"confianza/internal/store"
)

// A disk that refuses to write for whatever reason is waited out too. Here it
// is a limit on the size of files, for those who may mount nothing.
func TestUnwritableFileIsWaitedOut(t *testing.T) {
	dir := t.TempDir()
	next, _ := childDoing(t, dir, "limit")
	for _, want := range []string{"unwritable " + dir + "/confianza.db", "on", "added 5000"} {
		if got := next(); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	for next() != "" { // until it has ended
	}
	s := open(t, dir)
	if cursor, err := s.Cursor(t.Context(), "net"); err != nil || cursor != "5000" {
		t.Errorf("cursor %q, error %v", cursor, err)
	}
}

// addLimited adds more than its files may hold until the limit is raised,
// which it does once it is told of it.
func addLimited(dir string) error {
	signal.Ignore(syscall.SIGXFSZ) // the error is enough
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &files); err != nil {
		return err
	}
	limit := func(size uint64) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: files.Max})
	}
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{Blocked: func(e *store.DiskError) {
		if e == nil {
			fmt.Println("on")
			return
		}
		fmt.Println(e.Reason, e.Path)
		if err := limit(files.Max); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}})
	if err != nil {
		return err
	}
	if err := limit(1 << 20); err != nil {
		return err
	}
	a, err := s.Add(ctx, store.Intake{Source: "net", Mentions: some(s, 0, 5000, noon), Next: "5000"})
	if err != nil {
		return err
	}
	fmt.Println("added", a.New)
	return nil
}
