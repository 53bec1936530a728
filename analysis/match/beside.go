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
	if wordBefore || wordAfter {
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

// inAddress tells whether [start, end) is part of a URL, an e-mail address, or
// a handle that is a host name. What only stands beside one is not: people
// write "Delta:https://…" and "Delta/@JetBlue".
func inAddress(text []byte, start, end int) bool {
	before := text[bytes.LastIndexByte(text[:start], ' ')+1 : start]
	if bytes.Contains(before, []byte("://")) || bytes.HasPrefix(before, []byte("www.")) {
		return true
	}
	if host := bytes.TrimRightFunc(before, hostPart); bytes.HasSuffix(host, []byte("@")) {
		return true
	}
	rest := bytes.TrimLeftFunc(text[end:], mailboxPart)
	return len(rest) > 1 && rest[0] == '@' && word(rune(rest[1])) || bytes.HasPrefix(rest, []byte("://"))
}

func hostPart(r rune) bool { return r == '.' || r == '-' || word(r) }

func mailboxPart(r rune) bool { return hostPart(r) || r == '+' }
