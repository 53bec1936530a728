package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"confianza/internal/export"
)

// writeWhole writes a file that has its name only once it is whole; what had
// the name before stays until then. What is no file, such as a pipe, is written
// to as it is.
func writeWhole(path string, content []byte) error {
	if special(path) {
		return os.WriteFile(path, content, 0o644)
	}
	mode := fs.FileMode(0o644)
	if at, err := os.Stat(path); err == nil {
		mode = at.Mode().Perm()
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the link stays one
	}
	return export.File(path, mode, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// writable tells early that a file could not be written: learning takes
// minutes.
func writable(path string) error {
	if special(path) {
		return nil
	}
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".confianza-")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// special is true of what is there and is neither a file nor a folder.
func special(path string) bool {
	at, err := os.Stat(path)
	return err == nil && !at.Mode().IsRegular() && !at.IsDir()
}
