package store

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// LockedError says that another process writes to the store.
type LockedError struct {
	Path   string
	Holder string // what the holder wrote of itself: "confianza run, process 4711"
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("store: %s is held by %s: stop it first", e.Path, e.Holder)
}

// lock is an advisory lock that the kernel lets go of when its process ends,
// however it ends.
type lock struct{ file *os.File }

func takeLock(path, who string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", onDisk(err, path))
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("store: lock %s: %w", path, err)
		}
		return nil, &LockedError{Path: path, Holder: holder(path)}
	}
	if who == "" {
		who = "confianza"
	}
	if err := errors.Join(f.Truncate(0), writeAt(f, fmt.Sprintf("%s, process %d\n", who, os.Getpid()))); err != nil {
		f.Close()
		return nil, fmt.Errorf("store: lock %s: %w", path, onDisk(err, path))
	}
	return &lock{f}, nil
}

// holder is only for the message: nothing depends on it, and a holder that has
// the lock since a moment ago may not have written it yet.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return "another process"
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

func (l *lock) release() error { return l.file.Close() }
