package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrTooLong means that a record is longer than [MaxRecord]. It was passed
// over, and reading goes on after it.
var ErrTooLong = errors.New("longer than 1 MiB")

// Mark is a place in a [Text]: always between two records.
type Mark struct {
	Offset int64 `json:"o,omitempty"` // bytes before it, as [Text] gives them
	Line   int   `json:"l,omitempty"` // lines before it
}

// Text is the text of a file or of a member of a tar: decompressed, without
// byte order mark, and in UTF-8 when it was in UTF-16.
type Text struct {
	Name string // the file's path, with the member's after it

	r    *bufio.Reader
	at   Mark
	long []byte // a line that did not fit r

	known bool  // that it is in UTF-8
	file  *disk // nil when it cannot be sought in
	base  int64 // bytes of file before the text
}

// NewText reads a text that is in no file.
func NewText(name string, r io.Reader) *Text { return newText(name, bufio.NewReaderSize(r, headSize)) }

// NewLive reads a text in UTF-8 that comes as it is written: its beginning is
// not waited for.
func NewLive(name string, r io.Reader) *Text {
	return &Text{Name: name, r: bufio.NewReaderSize(r, headSize), known: true}
}

func newText(name string, plain *bufio.Reader) *Text {
	t := &Text{Name: name}
	t.r, t.base, t.known = decode(plain)
	return t
}

// seekable lets [Text.Skip] seek. UTF-16 has no fixed place for an offset.
func (t *Text) seekable(f *disk) {
	if t.base >= 0 {
		t.file = f
	}
}

// Mark is where the next line begins.
func (t *Text) Mark() Mark { return t.at }

// Head is the beginning of what comes next, 64 KiB or less. It is valid until
// the next call of another method.
func (t *Text) Head() []byte {
	head, _ := t.r.Peek(headSize)
	return head
}

// Line gives the next line without its \n; it is valid until the next call.
// whole is false when the text ended before a \n. After a line that is
// [ErrTooLong] the next can be read.
func (t *Text) Line() (line []byte, whole bool, err error) {
	t.long = t.long[:0]
	over := false
	for {
		piece, err := t.r.ReadSlice('\n')
		t.at.Offset += int64(len(piece))
		over = over || len(t.long)+len(piece) > MaxRecord+1
		switch {
		case err == bufio.ErrBufferFull:
			if !over {
				t.long = append(t.long, piece...)
			}
			continue
		case err != nil && err != io.EOF:
			return nil, false, fmt.Errorf("read %s: %w", t.Name, err)
		case err == io.EOF && len(piece)+len(t.long) == 0 && !over:
			return nil, false, io.EOF
		}
		t.at.Line++
		if over {
			return nil, err == nil, ErrTooLong
		}
		if len(t.long) > 0 {
			t.long = append(t.long, piece...)
			piece = t.long
		}
		return bytes.TrimSuffix(piece, []byte("\n")), err == nil, nil
	}
}

// Skip moves on to a mark that was given for the same text before. A mark that
// is already passed changes nothing; one beyond the end leads to the end.
func (t *Text) Skip(to Mark) error {
	if to.Offset <= t.at.Offset {
		return nil
	}
	if t.file != nil {
		at, err := t.file.Stat()
		if err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		to.Offset = max(t.at.Offset, min(to.Offset, at.Size()-t.base))
		if _, err := t.file.Seek(t.base+to.Offset, io.SeekStart); err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		t.r.Reset(t.file)
	} else {
		n, err := io.CopyN(io.Discard, t.r, to.Offset-t.at.Offset)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		to.Offset = t.at.Offset + n
	}
	t.at = to
	return nil
}
