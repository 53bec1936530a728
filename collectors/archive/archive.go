// Package archive reads files of posts, plain, compressed or bundled in a tar,
// and remembers how far it came.
//
// [Open] takes a file apart into [Text]s, [Reading] turns their records into
// batches by a source's [Format], and [Import] is a collector over a list of
// files. What a record means is left to the source. Memory is bounded whatever
// a file holds, and a place in a file survives a restart.
package archive

import (
	"archive/tar"
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// MaxRecord is the most bytes a record may have.
const MaxRecord = 1 << 20

// headSize is how much of a text is looked at to tell what it is, in bytes.
const headSize = 64 << 10

// File is an open file of one text, or of several when it is a tar.
type File struct {
	path  string
	f     *disk
	plain *bufio.Reader // decompressed
	bare  bool          // f is not compressed
	tar   *tar.Reader   // nil when the file is no tar
	done  bool          // its only text was given
}

// regular opens a regular file only: opening a pipe would wait for its writer,
// whatever the context says.
func regular(name string) (*os.File, error) {
	if at, err := os.Stat(name); err != nil {
		return nil, err
	} else if !at.Mode().IsRegular() {
		return nil, fmt.Errorf("open %s: not a regular file", name)
	}
	return os.Open(name)
}

// Open opens a regular file. gzip and bzip2 are told by their first bytes.
func Open(name string) (*File, error) {
	f, err := regular(name)
	if err != nil {
		return nil, err
	}
	file := &File{path: name, f: &disk{File: f}}
	if err := file.look(); err != nil {
		f.Close()
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return file, nil
}

func (f *File) look() (err error) {
	if f.plain, f.bare, err = decompress(f.f); err != nil {
		return err
	}
	head, err := f.plain.Peek(headSize)
	if len(head) == 0 && err != nil && err != io.EOF {
		return err
	}
	if isTar(head, f.path) {
		f.tar = tar.NewReader(f.plain)
	}
	return nil
}

// Next gives the next text, and io.EOF after the last. The text before is no
// longer valid then. Members of a tar may be compressed themselves; folders
// and hidden members are passed over.
func (f *File) Next() (*Text, error) {
	if f.tar == nil {
		if f.done {
			return nil, io.EOF
		}
		f.done = true
		t := newText(f.path, f.plain)
		if f.bare {
			t.seekable(f.f)
		}
		return t, nil
	}
	for {
		h, err := f.tar.Next()
		if err == io.EOF {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.path, err)
		}
		if h.Typeflag != tar.TypeReg || strings.HasPrefix(path.Base(h.Name), ".") {
			continue
		}
		name := f.path + "/" + strings.ToValidUTF8(h.Name, "\uFFFD")
		plain, _, err := decompress(f.tar)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		return newText(name, plain), nil
	}
}

// Packed tells whether the file is compressed or a tar, which can only be read
// once it is finished.
func (f *File) Packed() bool { return !f.bare || f.tar != nil }

// Done says how many bytes of the file, as it lies on the disk, were read.
func (f *File) Done() int64 { return f.f.at }

// disk is a file that tells how far it was read while a single record is:
// one may be as long as the disk.
type disk struct {
	*os.File
	at, said int64
	look     func(done int64) error // asked every [lookBytes]; an error ends reading; may be nil
}

// lookBytes is how much of a file is read between two looks, some 10 ms.
const lookBytes = 16 << 20

func (d *disk) Read(b []byte) (int, error) {
	if d.look != nil && d.at-d.said >= lookBytes {
		d.said = d.at
		if err := d.look(d.at); err != nil {
			return 0, err
		}
	}
	n, err := d.File.Read(b)
	d.at += int64(n)
	return n, err
}

func (d *disk) Seek(offset int64, whence int) (int64, error) {
	at, err := d.File.Seek(offset, whence)
	if err == nil {
		d.at, d.said = at, at
	}
	return at, err
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

// decompress unpacks what its first bytes say is packed.
func decompress(r io.Reader) (plain *bufio.Reader, bare bool, err error) {
	b := bufio.NewReaderSize(r, headSize)
	head, err := b.Peek(4)
	if err != nil && err != io.EOF {
		return nil, false, err
	}
	switch m := string(head); {
	case strings.HasPrefix(m, "\x1f\x8b"):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, false, err
		}
		return bufio.NewReaderSize(z, headSize), false, nil
	case strings.HasPrefix(m, "BZh"):
		return bufio.NewReaderSize(bzip2.NewReader(b), headSize), false, nil
	case m == "PK\x03\x04":
		return nil, false, errors.New("a zip or a workbook: unpack it, or export it as CSV")
	case m == "\x28\xb5\x2f\xfd", m == "\xfd7zX":
		return nil, false, errors.New("in a compression other than gzip and bzip2")
	}
	return b, true, nil
}

// isTar tells a tar by its magic (POSIX.1-1988), or by its name for older ones.
func isTar(head []byte, name string) bool {
	if len(head) >= 512 && string(head[257:262]) == "ustar" {
		return true
	}
	name = strings.ToLower(name)
	for _, end := range []string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2"} {
		if strings.HasSuffix(name, end) && len(head) >= 512 {
			return true
		}
	}
	return false
}
