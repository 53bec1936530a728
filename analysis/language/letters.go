package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// script is a family of letters.
type script uint8

const (
	latin script = iota
	arabic
	devanagari
	elsewhere // a script that none of our languages is written in
	scripts
)

// speech reads what of a text tells its language: its words, and the script of
// its letters.
type speech struct {
	text    string // what is left of it
	letters [scripts]int
	word    [longestWord]rune
	n       int    // how much of word is filled
	hash    uint64 // of its letters
}

// longestWord is how many letters of a word are looked at, edges included.
const longestWord = 32

// next gives the next word of the text, in lower case between two spaces; nil at
// its end. It is letters and apostrophes. Addresses, accounts and hashtags say
// nothing of the language that somebody writes: brands and campaigns have their
// own. The word is valid until the next is asked for.
func (s *speech) next() []rune {
	s.word[0], s.n, s.hash = ' ', 1, offset64
	for len(s.text) > 0 {
		c := s.text[0]
		if c >= utf8.RuneSelf {
			if s.sign() {
				break
			}
			continue
		}
		if l := ascii[c]; l != 0 {
			if s.n == 1 && foreign(s.text) {
				s.text = s.text[token(s.text):]
				continue
			}
			s.letters[latin]++
			s.put(rune(l))
		} else if c == '\'' && s.n > 1 {
			s.put('\'')
		} else if s.n > 1 {
			break
		} else if c == '@' || c == '#' {
			s.text = s.text[token(s.text):]
			continue
		}
		s.text = s.text[1:]
	}
	if s.n == 1 {
		return nil
	}
	s.word[s.n] = ' '
	return s.word[:s.n+1]
}

// The hash is FNV-1a (Fowler, Noll and Vo) of 64 bits, over letters.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

// put adds a letter to the word, unless that is long enough.
func (s *speech) put(r rune) {
	if s.n < longestWord-1 {
		s.word[s.n] = r
		s.n++
		s.hash = (s.hash ^ uint64(r)) * prime64
	}
}

// sign reads what is no ASCII, and tells whether the word ends with it.
func (s *speech) sign() (end bool) {
	r, size := utf8.DecodeRuneInString(s.text)
	switch {
	case r == '’' && s.n > 1:
		s.put('\'')
	case letter(r):
		r = small(r)
		of := scriptOf(r)
		s.letters[of]++
		if of == elsewhere && r >= 0x3000 { // a sign of these says as much as three letters
			s.letters[of] += 2
		}
		s.put(r)
	case s.n > 1:
		return true // and is read again when the next word begins
	case r == '¿' || r == '¡': // a word of its own
		s.put(r)
		s.text = s.text[size:]
		return true
	}
	s.text = s.text[size:]
	return false
}

// ascii gives ASCII letters in lower case, and 0 for all else.
var ascii = func() (table [utf8.RuneSelf]byte) {
	for c := 'a'; c <= 'z'; c++ {
		table[c], table[c-'a'+'A'] = byte(c), byte(c)
	}
	return table
}()

// foreign tells what begins like an address.
func foreign(text string) bool {
	return (text[0] == 'h' || text[0] == 'w') && (strings.HasPrefix(text, "http") || strings.HasPrefix(text, "www."))
}

// token is how long what stands at the head of text is, up to a space.
func token(text string) int {
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' {
			return i
		}
	}
	return len(text)
}

func letter(r rune) bool {
	if r >= 0x620 && r <= 0x64A {
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) && r != 0xFE0F
}

func small(r rune) rune {
	if r >= 0x600 && r < 0xA00 { // these know no capitals
		return r
	}
	return unicode.ToLower(r)
}

func scriptOf(r rune) script {
	switch {
	case r < 0x370 || r >= 0x1E00 && r < 0x1F00:
		return latin
	case r >= 0x600 && r < 0x780:
		return arabic
	case r >= 0x900 && r < 0x980:
		return devanagari
	}
	return elsewhere
}
