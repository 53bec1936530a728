package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// ErrMalformed means that something other than an object stands in an array.
// It was passed over, and reading goes on after it.
var ErrMalformed = errors.New("no object")

// Objects gives the JSON objects of a text: one a line, or the elements of one
// array. In an array a record is only whole once its last brace has come.
type Objects struct {
	t       *Text
	array   bool
	growing bool
	b       []byte
	ended   bool
}

// NewObjects looks at the text's beginning, so it has to be made before
// [Text.Skip]. With growing, an unfinished end is left for later.
func NewObjects(t *Text, growing bool) *Objects {
	first := bytes.TrimLeft(t.Head(), " \t\r\n")
	return &Objects{t: t, growing: growing, array: len(first) > 0 && first[0] == '['}
}

// Next gives the next object, or the line where one should be, which is not
// checked, and the line it begins in. It is valid until the next call. The
// error is io.EOF at the end, and [ErrTooLong] or [ErrMalformed] for a record
// that was passed over.
func (o *Objects) Next() (object []byte, line int, err error) {
	if o.array {
		return o.element()
	}
	for !o.ended {
		line = o.t.Mark().Line + 1
		before := o.t.Mark()
		b, whole, err := o.t.Line()
		if err != nil && err != ErrTooLong {
			return nil, line, err
		}
		if !whole && o.growing && (err != nil || !json.Valid(b)) {
			o.t.at = before // nothing comes after it but the end
			break
		}
		if b = bytes.TrimSpace(b); len(b) > 0 || err != nil {
			return b, line, err
		}
	}
	o.ended = true
	return nil, line, io.EOF
}

// element gives the next object of the array. It counts braces outside of
// strings, and no more: whoever decodes the object looks at the rest.
func (o *Objects) element() (object []byte, line int, err error) {
	if o.ended {
		return nil, o.t.at.Line + 1, io.EOF
	}
	before := o.t.at
	junk, err := o.between()
	line = o.t.at.Line + 1
	if err == nil && !junk {
		err = o.braces()
	}
	switch {
	case err == io.EOF:
		o.ended = true
		if o.growing {
			o.t.at = before
		} else if len(o.b) > 0 && !junk {
			return nil, line, fmt.Errorf("read %s: ends within an object", o.t.Name)
		}
		return nil, line, io.EOF
	case err != nil:
		return nil, line, err
	case junk:
		return nil, line, ErrMalformed
	}
	return o.b, line, nil
}

// between passes over what stands between objects; junk means that this was
// more than it should be. It stops before a brace.
func (o *Objects) between() (junk bool, err error) {
	o.b = o.b[:0]
	for {
		c, err := o.t.r.ReadByte()
		if err != nil {
			return junk, err
		}
		switch c {
		case '{':
			return junk, o.t.r.UnreadByte()
		case '\n':
			o.t.at.Line++
		case ' ', '\t', '\r', ',', '[', ']':
		default:
			junk = true
		}
		o.t.at.Offset++
	}
}

func (o *Objects) braces() error {
	depth, quoted, escaped, long := 0, false, false, false
	for {
		c, err := o.t.r.ReadByte()
		if err != nil {
			return err
		}
		o.t.at.Offset++
		if c == '\n' {
			o.t.at.Line++
		}
		if long = long || len(o.b) >= MaxRecord; !long {
			o.b = append(o.b, c)
		}
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				if long {
					return ErrTooLong
				}
				return nil
			}
		}
	}
}

// ObjectsIn gives the whole objects at a text's beginning, as [Text.Head] has
// it. Each is valid until the next.
func ObjectsIn(head []byte) iter.Seq[[]byte] {
	o := NewObjects(NewText("", bytes.NewReader(head)), true)
	return func(yield func([]byte) bool) {
		for {
			object, _, err := o.Next()
			if err == nil {
				if !yield(object) {
					return
				}
			} else if err != ErrTooLong && err != ErrMalformed {
				return
			}
		}
	}
}
