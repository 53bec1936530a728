package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File makes a file of what write gives. It has its name only once all of it
// is on the disk, in place of what had the name before; killed in between, it
// leaves a hidden file ending in .part, which the next one to the same path
// replaces. mode is for a new file, less the process's umask.
func File(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	part := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part")
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(part) // gone already once it has its name
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	err = write(b)
	if err := errors.Join(err, b.Flush(), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("export: %s: %w", path, err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("export: %s: %w", filepath.Dir(path), err)
	}
	return nil
}
