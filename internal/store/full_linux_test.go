package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// small mounts a disk of its own, of so many bytes, and gives a folder on it.
func small(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill takes all room of a disk that there is, and gives it back when called.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; { // what is left in ever smaller pieces
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	f.Close()
	return func() { remove(t, path) }
}

// told is what a store says of its disk.
type told chan *store.DiskError

func (c told) next(t *testing.T) *store.DiskError {
	t.Helper()
	select {
	case e := <-c:
		return e
	case <-time.After(time.Minute):
		t.Fatal("the store said nothing of its disk")
		return nil
	}
}

func openTold(t *testing.T, dir string) (*store.Store, told) {
	t.Helper()
	c := make(told, 100)
	s, err := store.Open(t.Context(), dir, store.Options{Blocked: func(e *store.DiskError) { c <- e }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) // before the disk goes
	return s, c
}

// work is all that writes, one after another, in steps of 100 posts.
func work(ctx context.Context, s *store.Store, n int) error {
	in := store.Intake{Source: "net", Mentions: some(s, n, 100, noon), Next: fmt.Sprint(n + 100)}
	if n > 0 {
		in.Gone = []mention.Gone{{Native: fmt.Sprint(n - 1)}}
	}
	if _, err := s.Add(ctx, in); err != nil {
		return err
	}
	for {
		ms, err := s.Recent(ctx, "score", 500)
		if err != nil {
			return err
		}
		if len(ms) == 0 {
			break
		}
		if _, err := s.Done(ctx, "score", ms[len(ms)-1].ID, verdicts(ms)); err != nil {
			return err
		}
	}
	_, err := s.Index(ctx, 2000)
	return err
}

// A disk that fills while posts come in stops nobody: what was being written
// waits, and goes on where it was once there is room.
func TestFullDiskIsWaitedOut(t *testing.T) {
	dir := small(t, 12<<20)
	data := filepath.Join(dir, "data")
	s, says := openTold(t, data)
	begin(t, s)
	room := filepath.Join(dir, "room")
	write(make([]byte, 6<<20))(t, room)
	done, stopped := make(chan int, 1000), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for n := 0; n < 6000; n += 100 {
			if err := work(ctx, s, n); err != nil {
				stopped <- err
				return
			}
			done <- n + 100
		}
		stopped <- nil
	}()
	why := says.next(t)
	if why == nil || why.Reason != "full" || why.Path != filepath.Join(data, "confianza.db") ||
		!strings.Contains(why.Error(), "no room for "+why.Path+", make some on its disk: ") {
		t.Fatalf("got %v", why)
	}
	for len(done) > 1 {
		<-done
	}
	through := <-done
	if cursor, err := s.Cursor(t.Context(), "net"); err != nil || cursor != fmt.Sprint(through) && cursor != fmt.Sprint(through+100) {
		t.Errorf("cursor is %q after %d, error %v: it moved with what was not stored", cursor, through, err)
	}
	if now, since := s.Blocked(); now == nil || since.IsZero() {
		t.Errorf("got %v since %v, want the reason", now, since)
	}
	backup := filepath.Join(dir, "backup")
	var disk *store.DiskError
	if err := s.Backup(t.Context(), backup); !errors.As(err, &disk) || !strings.HasPrefix(disk.Path, backup) {
		t.Errorf("backup: got %v, want it to name its own disk's lack", err)
	}
	if left, err := filepath.Glob(backup + "*"); err != nil || len(left) > 0 {
		t.Errorf("the backup left %v, error %v", left, err)
	}
	remove(t, room)
	if e := says.next(t); e != nil {
		t.Errorf("got %v, want the word that it goes on", e)
	}
	for n := 0; n < through+400; { // well on, without a restart
		select {
		case n = <-done:
		case <-time.After(time.Minute):
			t.Fatalf("it stands still at %d", n)
		}
	}
	cancel()
	<-stopped
	s.Close()
	wholeAgain(t, data)
}

// wholeAgain opens a store anew and counts.
func wholeAgain(t *testing.T, dir string) {
	t.Helper()
	s := open(t, dir)
	cursor, err := s.Cursor(t.Context(), "net")
	if err != nil {
		t.Fatal(err)
	}
	scoreAll(t, s)
	var counted int64
	cs, err := s.Counts(t.Context(), store.CountQuery{Span: mention.Span{From: noon.AddDate(-1, 0, 0), To: noon.AddDate(1, 0, 0)}, Step: time.Hour})
	for _, c := range cs {
		counted += c.N
	}
	if err != nil || fmt.Sprint(counted) != cursor {
		t.Errorf("counted %d, the cursor says %s; error %v", counted, cursor, err)
	}
}

// Whoever is told to stop while waiting stops.
func TestWaitingForTheDiskEndsWithItsContext(t *testing.T) {
	dir := small(t, 2<<20)
	s, says := openTold(t, filepath.Join(dir, "data"))
	defer fill(t, dir)()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := s.Add(ctx, store.Intake{Source: "net", Mentions: some(s, 0, 2000, noon), Next: "1"})
		ended <- err
	}()
	says.next(t)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
	if cursor, err := s.Cursor(t.Context(), "net"); err != nil || cursor != "" {
		t.Errorf("cursor %q, error %v", cursor, err)
	}
}

// A store that does not wait, as the one of a restore, says it at once.
func TestFullDiskAtStartIsSaid(t *testing.T) {
	dir := small(t, 1<<20)
	defer fill(t, dir)()
	var disk *store.DiskError
	_, err := store.Open(t.Context(), filepath.Join(dir, "data"), store.Options{})
	if !errors.As(err, &disk) || disk.Reason != "full" || !strings.Contains(err.Error(), "make some on its disk") || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v", err)
	}
}

func TestRestoreOntoAFullDiskLeavesNothing(t *testing.T) {
	backup := filepath.Join(t.TempDir(), "backup")
	from := open(t, t.TempDir())
	if _, err := from.Add(t.Context(), store.Intake{Source: "net", Mentions: some(from, 0, 3000, noon)}); err != nil {
		t.Fatal(err)
	}
	if err := from.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	dir := small(t, 1<<20)
	data := filepath.Join(dir, "data")
	var disk *store.DiskError
	if _, err := store.Restore(t.Context(), backup, data, ""); !errors.As(err, &disk) || disk.Reason != "full" || !strings.HasPrefix(disk.Path, data) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("left %v, error %v", left, err)
	}
}

// A disk made read-only under the store, as a kernel does that found it
// failing, is waited out too; at start it is said.
func TestReadOnlyDisk(t *testing.T) {
	dir := small(t, 8<<20)
	data := filepath.Join(dir, "data")
	s, says := openTold(t, data)
	if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: some(s, 0, 10, noon), Next: "10"}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, "size=8m"); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	var disk *store.DiskError
	_, err := store.Open(t.Context(), data, store.Options{})
	if !errors.As(err, &disk) || disk.Reason != "read_only" || !strings.Contains(err.Error(), filepath.Join(data, "lock")+" may not be written") {
		t.Errorf("got %v", err)
	}
	if len(says) != 0 {
		t.Errorf("got %v before anything happened", <-says)
	}
	remount(0)
	open(t, data)
}
