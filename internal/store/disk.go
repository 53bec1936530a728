package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// DiskError says that a disk takes nothing at present. Nothing is damaged, and
// nothing of what was being written is kept: it can be written again as soon
// as there is room. Where a disk lies about what it has taken, as after a sync
// that failed, the error is another one: see docs/decisions.
type DiskError struct {
	Path   string // what could not be written
	Reason string // one of [DiskReasons]
	Err    error
}

// The reasons of a [DiskError].
const (
	diskFull       = "full"
	diskReadOnly   = "read_only"
	diskUnwritable = "unwritable"
)

// DiskReasons lists every reason of a [DiskError]: a closed set, since it
// becomes a metric label.
func DiskReasons() []string { return []string{diskFull, diskReadOnly, diskUnwritable} }

func (e *DiskError) Error() string {
	what := map[string]string{
		diskFull:       "no room for %s, make some on its disk",
		diskReadOnly:   "%s may not be written, make its folder and disk writable for this user",
		diskUnwritable: "%s cannot be written, look at its disk",
	}[e.Reason]
	return fmt.Sprintf(what+": %v", e.Path, e.Err)
}

func (e *DiskError) Unwrap() error { return e.Err }

// onDisk makes an error a [*DiskError] when the disk is to blame. SQLite does
// not say which of its files it was about: then it is path.
func onDisk(err error, path string) error {
	if _, known := errors.AsType[*DiskError](err); known || err == nil {
		return err
	}
	if of, ok := errors.AsType[*fs.PathError](err); ok {
		path = of.Path
	}
	if reason := diskReason(err, path); reason != "" {
		return &DiskError{Path: path, Reason: reason, Err: err}
	}
	return err
}

func diskReason(err error, path string) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return diskFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return diskReadOnly
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return ""
	}
	switch e.Code() {
	case lib.SQLITE_FULL:
		return diskFull
	case lib.SQLITE_READONLY_DBMOVED:
		return "" // what is written now, nobody would find again
	case lib.SQLITE_IOERR_WRITE, lib.SQLITE_IOERR_TRUNCATE, lib.SQLITE_IOERR_DELETE,
		lib.SQLITE_IOERR_SHMOPEN, lib.SQLITE_IOERR_SHMSIZE, lib.SQLITE_IOERR_SHMMAP:
		return probed(path)
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN:
		return probed(path)
	}
	return ""
}

// probed looks why SQLite cannot write, which it does not tell.
func probed(path string) string {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil && (errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)) {
		return diskReadOnly
	}
	if err == nil {
		f.Close()
	}
	return diskUnwritable
}

// Waits between tries to write: a disk that is full stays so for a while.
const (
	firstTry   = 100 * time.Millisecond
	longestTry = 15 * time.Second
)

// patiently does f again, later and later, for as long as the disk takes
// nothing, where somebody is told of it. All that f did must be undone then.
func (s *Store) patiently(ctx context.Context, f func() error) error {
	err := f()
	disk, blocked := errors.AsType[*DiskError](err)
	if !blocked || s.blocked == nil {
		return err
	}
	s.waits(disk)
	defer s.goesOn()
	for wait := firstTry; blocked; wait = min(2*wait, longestTry) {
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(wait):
		}
		err = f()
		_, blocked = errors.AsType[*DiskError](err)
	}
	return err
}

// waits notes that one more writer waits; the first says so.
func (s *Store) waits(e *DiskError) {
	s.disk.Lock()
	defer s.disk.Unlock()
	if s.waiting++; s.waiting == 1 {
		s.trouble, s.since = e, s.now().UTC()
		s.blocked(e)
	}
}

// goesOn notes that a writer waits no more; the last says so.
func (s *Store) goesOn() {
	s.disk.Lock()
	defer s.disk.Unlock()
	if s.waiting--; s.waiting == 0 {
		s.trouble = nil
		s.blocked(nil)
	}
}

// Blocked tells why writing waits, and since when; nil when it does not.
func (s *Store) Blocked() (why *DiskError, since time.Time) {
	s.disk.Lock()
	defer s.disk.Unlock()
	return s.trouble, s.since
}
