package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Room is what the store takes on its disk, and what is left there, in bytes.
type Room struct {
	Size int64 // of all files in the store's folder, write-ahead log and deletions' log included
	Free int64 // that this process may still write; what is reserved for root is not
	Disk int64 // of the whole file system
}

// Room looks at the disk, not at the database: it answers when nothing can be
// written any more.
func (s *Store) Room() (Room, error) {
	var r Room
	dir := filepath.Dir(s.path)
	files, err := os.ReadDir(dir)
	if err != nil {
		return r, fmt.Errorf("store: room: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone since it was listed, as the write-ahead log of a backup may be
		}
		if err != nil {
			return r, fmt.Errorf("store: room: %w", err)
		}
		if info.Mode().IsRegular() {
			r.Size += info.Size()
		}
	}
	var at syscall.Statfs_t
	if err := syscall.Statfs(dir, &at); err != nil {
		return r, fmt.Errorf("store: room on the disk of %s: %w", dir, err)
	}
	r.Free, r.Disk = int64(at.Bavail)*int64(at.Bsize), int64(at.Blocks)*int64(at.Bsize)
	return r, nil
}
