package features

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain are the Latin letters below U+0250 in lower case without accents.
var plain = func() (table [0x250]string) {
	for r := range table {
		low := unicode.ToLower(rune(r))
		switch low {
		case 'ß':
			table[r] = "ss"
		case 'ø':
			table[r] = "o"
		case 'æ':
			table[r] = "ae"
		case 'œ':
			table[r] = "oe"
		case 'ı':
			table[r] = "i"
		case 'ł':
			table[r] = "l"
		case 'đ', 'ð':
			table[r] = "d"
		default:
			first, _ := utf8.DecodeRune(norm.NFD.Bytes(utf8.AppendRune(nil, low)))
			table[r] = string(first)
		}
	}
	return table
}()

// latin says what the letters below U+0250 are: a bit for what may stand in a
// word, one for capitals.
var latin = func() (table [0x250]uint8) {
	for r := range table {
		if r := rune(r); unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			table[r] |= 1
		}
		if unicode.IsUpper(rune(r)) {
			table[r] |= 2
		}
	}
	return table
}()

// inWord tells what may stand in a word: letters, marks and digits.
func inWord(r rune) bool {
	switch {
	case r < 0x250:
		return latin[r]&1 != 0
	case r >= 0x620 && r <= 0x64A: // the Arabic alphabet
		return true
	case r == variation || r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func upper(r rune) bool {
	switch {
	case r < 0x250:
		return latin[r]&2 != 0
	case r >= 0x600 && r < 0xA00: // Arabic to Devanagari know no capitals
		return false
	}
	return unicode.IsUpper(r)
}

// fold appends a letter in lower case, its Latin accents off and the several
// ways to write an Arabic letter made one. Marks that only vary a letter give
// nothing.
func fold(to []byte, r rune) []byte {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(to, byte(r))
	case r < 0x250:
		return append(to, plain[r]...)
	case r >= 0x300 && r < 0x370: // combining accents
		return to
	case r == 0x640, r >= 0x64B && r <= 0x65F, r == 0x670: // tatweel, vowel signs
		return to
	case r == 'أ', r == 'إ', r == 'آ', r == 'ٱ':
		r = 'ا'
	case r == 'ى':
		r = 'ي'
	case r == 'ة':
		r = 'ه'
	default:
		r = unicode.ToLower(r)
	}
	return utf8.AppendRune(to, r)
}
