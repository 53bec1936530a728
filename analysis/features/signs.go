package features

import (
	"bytes"
	"unicode/utf8"
)

const (
	other = iota
	space
	letter
	digit
)

// class says what an ASCII byte is; bytes above are 0.
var class = func() (table [256]uint8) {
	for c := range 128 {
		switch {
		case c <= ' ' || c == 127:
			table[c] = space
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			table[c] = letter
		case '0' <= c && c <= '9':
			table[c] = digit
		}
	}
	return table
}()

// lower gives ASCII letters in lower case and digits as they are; 0 for all
// else.
var lower = func() (table [256]byte) {
	for c, is := range class {
		if is == letter || is == digit {
			table[c] = byte(c)
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		table[c] = byte(c) + 'a' - 'A'
	}
	return table
}()

// entities are those of HTML that posts are full of.
var entities = []struct{ name, means string }{
	{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&#39;", "'"}, {"&apos;", "'"}, {"&nbsp;", " "},
}

// unescape appends text with its HTML entities resolved, twice escaped ones
// too.
func unescape(to []byte, text string) []byte {
	to = append(to, text...)
	at := bytes.IndexByte(to, '&')
	if at < 0 {
		return to
	}
	for out := at; ; {
		if at >= len(to) {
			return to[:out]
		}
		if to[at] == '&' {
			for _, e := range entities {
				if bytes.HasPrefix(to[at:], []byte(e.name)) {
					at += len(e.name) - 1
					to[at] = e.means[0] // looked at again when it is another &
					break
				}
			}
			if to[at] == '&' && twice(to[at:]) {
				continue
			}
		}
		to[out] = to[at]
		at, out = at+1, out+1
	}
}

func twice(b []byte) bool {
	for _, e := range entities {
		if bytes.HasPrefix(b, []byte(e.name)) {
			return true
		}
	}
	return false
}

// link gives the length of an address at the head of b, 0 when there is none.
func link(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	switch [2]byte{b[0], b[1]} {
	case [2]byte{'h', 't'}, [2]byte{'w', 'w'}, [2]byte{'p', 'i'}, [2]byte{'t', '.'}:
	default:
		return 0
	}
	n := 0
	for n < len(b) && b[n] > ' ' {
		n++
	}
	switch word := b[:n]; {
	case bytes.HasPrefix(word, []byte("http://")), bytes.HasPrefix(word, []byte("https://")), bytes.HasPrefix(word, []byte("www.")),
		bytes.HasPrefix(word, []byte("pic.twitter.com/")), bytes.HasPrefix(word, []byte("t.co/")):
		return n
	case string(word) == "http" || string(word) == "https": // as some collections leave them
		return n
	}
	return 0
}

// name gives the length of an account's name at the head of b.
func name(b []byte) int {
	if bytes.HasPrefix(b, []byte("<username>")) {
		return len("<username>")
	}
	n := 0
	for n < len(b) && (class[b[n]] == letter || class[b[n]] == digit || b[n] == '_' || b[n] == '.' && n+1 < len(b) && class[b[n+1]] == letter) {
		n++
	}
	return n
}

// emoticon gives the length of an emoticon at the head of b: eyes, perhaps a
// nose, and a mouth, or a heart.
func emoticon(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch {
	case b[0] == '<' && b[1] == '3':
		return 2
	case b[0] == '<' && b[1] == '/' && len(b) > 2 && b[2] == '3':
		return 3
	case (b[0] == '^' || b[0] == '-' || b[0] == 'T' || b[0] == '>' || b[0] == 'o' || b[0] == 'O') && len(b) > 2 &&
		(b[1] == '_' || b[1] == '.' || b[1] == '-') && (b[2] == b[0] || b[0] == '>' && b[2] == '<'):
		return 3
	case b[0] == '^' && b[1] == '^':
		return 2
	}
	switch b[0] {
	case ':', ';', '=', '8', 'x', 'X':
	default:
		return 0
	}
	n := 1
	if b[0] == ':' && b[n] == '\'' {
		n++
	}
	if n < len(b) && (b[n] == '-' || b[n] == 'o' && b[0] != 'x' && b[0] != 'X') && n+1 < len(b) {
		n++
	}
	if n >= len(b) || b[n] >= utf8.RuneSelf {
		return 0
	}
	switch b[n] {
	case ')', '(', ']', '[', '*', '|', '/', '\\', '3':
		if b[n] == '/' && n+1 < len(b) && b[n+1] == '/' { // http://
			return 0
		}
	case 'D', 'P', 'p', 'O', 'S', 's', 'd', 'c':
		if n+1 < len(b) && (class[b[n+1]] == letter || class[b[n+1]] == digit) && b[n+1] != b[n] {
			return 0
		}
	default:
		return 0
	}
	mouth := b[n]
	for n < len(b) && b[n] == mouth {
		n++
	}
	return n
}

// emoticon adds one, however wide its mouth.
func (r *Reader) emoticon(b []byte) int {
	start := len(r.buf)
	took := len(b)
	for len(b) > 2 && b[len(b)-1] == b[len(b)-2] && b[0] != '<' && b[0] != '^' {
		b = b[:len(b)-1]
	}
	for _, c := range b {
		if c != '-' || len(b) != 3 || c == b[0] { // a nose says nothing
			r.buf = append(r.buf, c)
		}
	}
	r.add(Token{Kind: Emoticon, Long: len(b) < took}, start)
	return took
}

// variation asks for a sign's coloured picture; it says nothing.
const variation = 0xFE0F

// pictograph tells pictures from letters and other signs.
func pictograph(r rune) bool {
	return r >= 0x1F000 && r < 0x20000 || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF || r >= 0x2300 && r <= 0x23FF || r == 0x2122 || r == 0x203C
}

// emoji reads one picture, as often as it is repeated.
func (r *Reader) emoji(rest []byte) int {
	first, _ := utf8.DecodeRune(rest)
	times, i := 0, 0
	for i < len(rest) {
		l, size := utf8.DecodeRune(rest[i:])
		switch {
		case l == first:
			times++
		case l == variation || l == 0x200D || l >= 0x1F3FB && l <= 0x1F3FF: // joiners and skin tones
		default:
			goto done
		}
		i += size
	}
done:
	start := len(r.buf)
	if first < 0x1F3FB || first > 0x1F3FF {
		r.buf = utf8.AppendRune(r.buf, first)
		r.add(Token{Kind: Emoji, Long: times > 1}, start)
	}
	return i
}
