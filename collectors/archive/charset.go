package archive

import (
	"bufio"
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decode takes the byte order mark off and turns UTF-16, with a mark or told
// by its zero bytes, into UTF-8. base is the mark's length, -1 for UTF-16.
// known means that the beginning is UTF-8 beyond ASCII for the most part, so that
// a byte that is not is damage.
func decode(r *bufio.Reader) (text *bufio.Reader, base int64, known bool) {
	head, _ := r.Peek(headSize)
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		r.Discard(3)
		return r, 3, true
	}
	if order, ok := utf16(head); ok {
		d := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(r, d), headSize), -1, true
	}
	many, wrong := tally(head)
	return r, 0, many > wrong
}

func utf16(head []byte) (order unicode.Endianness, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.BigEndian, true
	case len(head) < 4:
	case head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return unicode.LittleEndian, true
	case head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return unicode.BigEndian, true
	}
	return order, false
}

// tally counts characters of several bytes, and bytes that are no UTF-8. A
// character cut off at the end counts as neither.
func tally(b []byte) (many, wrong int) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			if !utf8.FullRune(b) {
				return many, wrong
			}
			wrong++
		case n > 1:
			many++
		}
		b = b[n:]
	}
	return many, wrong
}

// String makes valid UTF-8 of a record, or a part of one, of the text.
func (t *Text) String(b []byte) string { return t.Strings([][]byte{b})[0] }

// Strings makes valid UTF-8 of a record's parts.
//
// Bytes that are no UTF-8 are taken for Windows-1252, of which Latin-1's
// letters are part, unless the text is known to be UTF-8 or most of them are:
// then a byte out of place is damage and becomes U+FFFD. It goes by record, so
// that a file that starts in plain ASCII or was glued together is read right.
func (t *Text) Strings(parts [][]byte) []string {
	all := make([]string, len(parts))
	many, wrong := 0, 0
	for i, b := range parts {
		all[i] = string(b)
		m, w := tally(b)
		if w == 0 && !utf8.Valid(b) {
			w = 1 // a cut-off character at the end
		}
		many, wrong = many+m, wrong+w
	}
	if wrong == 0 {
		return all
	}
	for i, s := range all {
		if utf8.ValidString(s) && (t.known || many > wrong) {
			continue
		}
		if !t.known && many <= wrong {
			if latin, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
				all[i] = latin
				continue
			}
		}
		all[i] = strings.ToValidUTF8(s, "\uFFFD")
	}
	return all
}
