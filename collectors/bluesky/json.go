package bluesky

import "bytes"

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
