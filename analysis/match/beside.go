package match

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// word tells whether a character continues a word. Scripts written without
// spaces do not: a brand's name may stand right beside them.
func word(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
		return false
	}
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// beside judges an occurrence by what stands beside it in the folded text. It
// returns why it does not count, or "".
func beside(k kind, text []byte, start, end int) string {
	before, _ := utf8.DecodeLastRune(text[:start])
	after, size := utf8.DecodeRune(text[end:])
	wordBefore, wordAfter := start > 0 && word(before), end < len(text) && word(after)
	if wordBefore && k != hashtag && k != handle || wordAfter || k == hashtag && wordBefore || k == handle && wordBefore {
		return "inside a longer word"
	}
	beyond, _ := utf8.DecodeRune(text[min(end+size, len(text)):])
	goesOn := end+size < len(text) && word(beyond)
	switch k {
	case name:
		if before == '@' {
			return "inside a handle or an e-mail address"
		}
		if inAddress(text, start, end) {
			return "inside an address"
		}
	case handle:
		if goesOn && (after == '.' || after == '@' || after == '-') {
			return "inside a longer handle"
		}
	case domain:
		if before == '-' || after == '-' || after == '.' && goesOn {
			return "inside a longer domain"
		}
		if before == '@' {
			return "inside an e-mail address"
		}
	}
	return ""
}

// inAddress tells whether the token around [start, end) is a URL or an e-mail
// address.
func inAddress(text []byte, start, end int) bool {
	from := bytes.LastIndexByte(text[:start], ' ') + 1
	to := len(text)
	if i := bytes.IndexByte(text[end:], ' '); i >= 0 {
		to = end + i
	}
	token := text[from:to]
	return bytes.Contains(token, []byte("://")) || bytes.HasPrefix(token, []byte("www.")) || bytes.IndexByte(token, '@') > 0
}
