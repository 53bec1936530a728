package features

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Read cuts a text into tokens. language, a two-letter code or "", says which
// words negate.
func (r *Reader) Read(text, language string) {
	r.Tokens, r.buf = r.Tokens[:0], r.buf[:0]
	r.raw = unescape(r.raw[:0], text)
	for at := 0; at < len(r.raw); {
		had := len(r.Tokens)
		took := r.next(r.raw[at:])
		for i := range r.Tokens[had:] {
			r.Tokens[had+i].from, r.Tokens[had+i].to = uint32(at), uint32(at+took)
		}
		at += took
	}
	r.negate(language)
}

// next reads what is at the head of rest and returns how many bytes it took.
func (r *Reader) next(rest []byte) int {
	c := rest[0]
	if c < utf8.RuneSelf {
		switch class[c] {
		case space:
			return 1
		case letter:
			if n := link(rest); n > 0 {
				return r.sign(Link, "http", n)
			}
			if n := emoticon(rest); n > 0 && r.apart(rest) && apartBehind(rest[n:]) {
				return r.emoticon(rest[:n])
			}
			return r.word(rest, Word)
		case digit:
			return r.number(rest)
		}
		return r.punctuation(rest)
	}
	l, size := utf8.DecodeRune(rest)
	switch {
	case unicode.IsLetter(l) || unicode.IsMark(l) && l != variation:
		return r.word(rest, Word)
	case pictograph(l):
		return r.emoji(rest)
	case l == '…':
		r.clause()
		return r.marks(rest)
	case l == '¡' || l == '¿' || l == '。' || l == '،' || l == '؟' || l == '।':
		r.clause()
	}
	return size
}

// apart tells whether what is at rest begins behind a space or at the start.
func (r *Reader) apart(rest []byte) bool {
	before := len(r.raw) - len(rest) - 1
	return before < 0 || r.raw[before] <= ' '
}

func apartBehind(rest []byte) bool { return len(rest) == 0 || rest[0] <= ' ' }

// sign adds a token that stands for a whole class.
func (r *Reader) sign(k Kind, form string, took int) int {
	start := len(r.buf)
	r.buf = append(r.buf, form...)
	r.add(Token{Kind: k}, start)
	return took
}

func (r *Reader) add(t Token, start int) {
	t.start, t.end = uint32(start), uint32(len(r.buf))
	t.Hash = hash(r.buf[start:])
	r.Tokens = append(r.Tokens, t)
}

// clause ends a clause behind the last token.
func (r *Reader) clause() {
	if n := len(r.Tokens); n > 0 {
		r.Tokens[n-1].Ends = true
	}
}

// word reads letters, with digits and apostrophes between them.
func (r *Reader) word(rest []byte, k Kind) int {
	start := len(r.buf)
	if k == Tag {
		r.buf = append(r.buf, '#')
	}
	t := Token{Kind: k}
	upper, lower, run := 0, 0, 0
	last := rune(-1)
	i := 0
	for i < len(rest) {
		l, size := rune(rest[i]), 1
		if l >= utf8.RuneSelf {
			l, size = utf8.DecodeRune(rest[i:])
			if l == '’' {
				l = '\''
			}
			if l != '\'' && !unicode.IsLetter(l) && !unicode.IsMark(l) && !unicode.IsDigit(l) || l == variation || l == utf8.RuneError {
				break
			}
		} else if class[l] != letter && class[l] != digit && l != '\'' && (l != '_' || k != Tag) {
			break
		}
		if l == '\'' {
			if i+size >= len(rest) || !startsWord(rest[i+size:]) {
				break
			}
			if n := len(r.buf) - start; n <= 2 || elided(r.buf[start:]) {
				r.buf = append(r.buf, '\'')
				i += size
				break // l'amour is two words
			}
		}
		if l < utf8.RuneSelf && 'A' <= l && l <= 'Z' || l >= utf8.RuneSelf && unicode.IsUpper(l) {
			upper++
		} else {
			lower++
		}
		i += size
		from := len(r.buf)
		r.buf = fold(r.buf, l)
		folded := rune(-2)
		if len(r.buf) > from {
			folded, _ = utf8.DecodeRune(r.buf[from:])
		}
		if folded == last {
			if run++; run >= 3 {
				r.buf = r.buf[:from]
				t.Long = true
			}
		} else {
			last, run = folded, 1
		}
		if len(r.buf)-start > longestWord {
			break
		}
	}
	t.Caps = upper >= 2 && lower == 0
	if i == 0 { // a lone sign
		_, size := utf8.DecodeRune(rest)
		return size
	}
	if len(r.buf) > start {
		r.add(t, start)
	}
	return i
}

// longestWord keeps a hostile text without spaces from being one token.
const longestWord = 60

func startsWord(b []byte) bool {
	if b[0] < utf8.RuneSelf {
		return class[b[0]] == letter
	}
	l, _ := utf8.DecodeRune(b)
	return unicode.IsLetter(l)
}

// elided are what French and Italian leave of longer words before a vowel.
func elided(b []byte) bool {
	switch string(b) {
	case "dell", "nell", "all", "sull", "dall", "quest", "quell", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd":
		return true
	}
	return false
}

// number reads digits with what stands between them.
func (r *Reader) number(rest []byte) int {
	i := 0
	for i < len(rest) && (class[rest[i]] == digit || (rest[i] == '.' || rest[i] == ',' || rest[i] == ':' || rest[i] == '/') &&
		i+1 < len(rest) && class[rest[i+1]] == digit) {
		i++
	}
	return r.sign(Number, "0", i)
}

func (r *Reader) punctuation(rest []byte) int {
	switch c := rest[0]; c {
	case '@':
		if n := name(rest[1:]); n > 0 {
			return r.sign(User, "@", 1+n)
		}
	case '#':
		if len(rest) > 1 && (startsWord(rest[1:]) || class[rest[1]] == digit) {
			return 1 + r.word(rest[1:], Tag)
		}
	}
	if n := emoticon(rest); n > 0 {
		return r.emoticon(rest[:n])
	}
	switch rest[0] {
	case '!', '?':
		r.clause()
		return r.marks(rest)
	case '.':
		r.clause()
		if bytes.HasPrefix(rest, dots) {
			return r.marks(rest)
		}
	case ',', ';', ':', '(', ')', '"':
		r.clause()
	}
	return 1
}

var dots = []byte("..")

// marks reads a run of ! and ?, or of points.
func (r *Reader) marks(rest []byte) int {
	var calls, asks, points, i int
	for i < len(rest) {
		switch c := rest[i]; {
		case c == '!':
			calls++
		case c == '?':
			asks++
		case c == '.':
			points++
		case bytes.HasPrefix(rest[i:], []byte("…")):
			points += 3
			i += 2
		default:
			goto done
		}
		i++
	}
done:
	form := "…"
	switch {
	case calls > 0 && asks > 0:
		form = "!?"
	case calls > 0:
		form = "!"
	case asks > 0:
		form = "?"
	}
	start := len(r.buf)
	r.buf = append(r.buf, form...)
	r.add(Token{Kind: Mark, Long: calls+asks > 1, Ends: true}, start)
	return i
}
