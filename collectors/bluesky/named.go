package bluesky

import (
	"bytes"
	"unicode/utf8"
)

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
