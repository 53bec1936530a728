package bluesky

import (
	"bytes"
	"unicode/utf8"
)

// scanner walks over a message once, to see whether it is a new post that no
// brand can be named in, as nearly all are: then no tree of its values is
// needed. Wherever it is not sure it says no, and [decoder.decode] looks
// properly; FuzzScan holds the two to the same answer.
type scanner struct {
	b    []byte
	at   int
	door []byte // what a brand can be named in, and perhaps more
	seen uint
	num  int64 // time_us
}

// What a scanner has seen.
const (
	sawTime uint = 1 << iota
	sawKind
	sawCommit
	sawOperation
	sawCollection
	sawRecord
	sawText
)

// where is the object that a key stands in.
type where int

const (
	message where = iota
	commit
	record
	links     // below facets or embed: any uri may be a link
	elsewhere // nothing there concerns us
)

// deepest is how deep values may nest before the scanner gives up.
const deepest = 32

// newPost tells whether b is certainly a post that was just created, and puts
// what a brand can be named in, folded not yet, into door. It is a commit, was
// made at num, and is whole JSON to its end.
func (s *scanner) newPost(b []byte) bool {
	s.b, s.at, s.door, s.seen, s.num = b, 0, s.door[:0], 0, 0
	s.space()
	if !s.object(message, deepest) {
		return false
	}
	s.space()
	const needed = sawTime | sawKind | sawCommit | sawOperation | sawCollection
	return s.at == len(b) && s.seen&needed == needed && s.num > 0
}

func (s *scanner) space() {
	for s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\n' || s.b[s.at] == '\t' || s.b[s.at] == '\r') {
		s.at++
	}
}

// take moves over a sign, if it comes next.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.b) && s.b[s.at] == c {
		s.at++
		return true
	}
	return false
}

// once notes what may be there once only: the first would count.
func (s *scanner) once(what uint) bool {
	had := s.seen & what
	s.seen |= what
	return had == 0
}

func (s *scanner) object(in where, depth int) bool {
	if depth == 0 || !s.take('{') {
		return false
	}
	s.space()
	if s.take('}') {
		return true
	}
	for {
		key, ok := s.str()
		if !ok || bytes.IndexByte(key, '\\') >= 0 {
			return false
		}
		s.space()
		if !s.take(':') {
			return false
		}
		s.space()
		if !s.member(in, string(key), depth) {
			return false
		}
		s.space()
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
		s.space()
	}
}

// member reads the value of a key.
func (s *scanner) member(in where, key string, depth int) bool {
	switch in {
	case message:
		switch key {
		case "time_us":
			return s.once(sawTime) && s.integer()
		case "kind":
			return s.once(sawKind) && s.is("commit")
		case "commit":
			return s.once(sawCommit) && s.object(commit, depth-1)
		}
	case commit:
		switch key {
		case "operation":
			return s.once(sawOperation) && s.is("create")
		case "collection":
			return s.once(sawCollection) && s.is(postCollection)
		case "record":
			return s.once(sawRecord) && s.object(record, depth-1)
		}
	case record:
		switch key {
		case "text":
			return s.once(sawText) && s.named()
		case "facets", "embed":
			return s.value(links, depth-1)
		}
	case links:
		if key == "uri" && s.at < len(s.b) && s.b[s.at] == '"' {
			return s.named()
		}
		return s.value(links, depth-1)
	}
	return s.value(elsewhere, depth-1)
}

// value moves over any value.
func (s *scanner) value(in where, depth int) bool {
	if s.at == len(s.b) || depth == 0 {
		return false
	}
	switch s.b[s.at] {
	case '{':
		return s.object(in, depth)
	case '[':
		return s.array(in, depth)
	case '"':
		_, ok := s.str()
		return ok
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

func (s *scanner) array(in where, depth int) bool {
	s.at++ // the bracket
	s.space()
	if s.take(']') {
		return true
	}
	for {
		if !s.value(in, depth-1) {
			return false
		}
		s.space()
		if s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
		s.space()
	}
}

// str moves over a string and gives what is between its quotes, escapes as they
// are.
func (s *scanner) str() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	from := s.at
	for {
		n := bytes.IndexByte(s.b[s.at:], '"')
		if n < 0 {
			return nil, false
		}
		s.at += n + 1
		// A quote after an odd number of backslashes is part of the string.
		slashes := 0
		for i := s.at - 2; i >= from && s.b[i] == '\\'; i-- {
			slashes++
		}
		if slashes%2 == 0 {
			return s.b[from : s.at-1], true
		}
	}
}

// is moves over a string that must be word.
func (s *scanner) is(word string) bool {
	v, ok := s.str()
	return ok && string(v) == word
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.b[s.at:], []byte(w)) {
		return false
	}
	s.at += len(w)
	return true
}

// number moves over signs that numbers are made of, a digit among them: the
// parser takes no lone sign either.
func (s *scanner) number() bool {
	digit := false
	for s.at < len(s.b) {
		c := s.b[s.at]
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			break
		}
		digit = digit || '0' <= c && c <= '9'
		s.at++
	}
	return digit
}

// integer reads a time: up to eighteen digits and nothing else.
func (s *scanner) integer() bool {
	from := s.at
	for s.at < len(s.b) && s.b[s.at] >= '0' && s.b[s.at] <= '9' {
		s.num = s.num*10 + int64(s.b[s.at]-'0')
		s.at++
	}
	n := s.at - from
	return n > 0 && n <= 18 && s.b[from] != '0' && (s.at == len(s.b) || s.b[s.at] == ',' || s.b[s.at] == '}')
}

// named adds a string to what a brand can be named in, on a line of its own.
func (s *scanner) named() bool {
	v, ok := s.str()
	if !ok {
		return false
	}
	s.door = append(s.door, '\n')
	for {
		n := bytes.IndexByte(v, '\\')
		if n < 0 {
			s.door = append(s.door, v...)
			return true
		}
		s.door = append(s.door, v[:n]...)
		if v, ok = s.unescape(v[n+1:]); !ok {
			return false
		}
	}
}

// unescape adds what an escape stands for, and gives what follows it. It leaves
// surrogates to those who know what to do with half of one.
func (s *scanner) unescape(v []byte) ([]byte, bool) {
	if len(v) == 0 {
		return nil, false
	}
	switch c := v[0]; c {
	case '"', '\\', '/':
		s.door = append(s.door, c)
	case 'n':
		s.door = append(s.door, '\n')
	case 't':
		s.door = append(s.door, '\t')
	case 'r':
		s.door = append(s.door, '\r')
	case 'b':
		s.door = append(s.door, '\b')
	case 'f':
		s.door = append(s.door, '\f')
	case 'u':
		r, ok := hex(v[1:])
		if !ok || r >= 0xd800 && r < 0xe000 {
			return nil, false
		}
		s.door = utf8.AppendRune(s.door, r)
		return v[5:], true
	default:
		return nil, false
	}
	return v[1:], true
}

func hex(v []byte) (r rune, ok bool) {
	if len(v) < 4 {
		return 0, false
	}
	for _, c := range v[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
