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
		if r.raw[at] == ' ' {
			at++
			continue
		}
		had := len(r.Tokens)
		took := r.next(r.raw[at:])
		if len(r.Tokens) > had {
			t := &r.Tokens[had]
			t.from, t.to = uint32(at), uint32(at+took)
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
	case inWord(l) && !unicode.IsDigit(l):
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
	t.Hash = hash(r.buf[start:])
	r.addHashed(t, start)
}

func (r *Reader) addHashed(t Token, start int) {
	t.start, t.end = uint32(start), uint32(len(r.buf))
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
	w := spelling{start: len(r.buf), Token: Token{Kind: k}, last: -1}
	if w.Hash = offset64; k == Tag {
		r.buf = append(r.buf, '#')
		w.Hash = (w.Hash ^ '#') * prime64
	}
	i := r.plainLetters(rest, &w)
	plain := true
	if i < len(rest) && len(r.buf)-w.start <= LongestWord && (rest[i] >= utf8.RuneSelf || rest[i] == '\'' || rest[i] == '_') {
		plain = false
		i = r.anyLetters(rest, i, &w)
	}
	if i == 0 { // a lone sign
		_, size := utf8.DecodeRune(rest)
		return size
	}
	if len(r.buf) > w.start {
		w.Caps = w.upper >= 2 && w.upper == w.letters
		if !plain {
			w.Hash = hash(r.buf[w.start:])
		}
		r.addHashed(w.Token, w.start)
	}
	return i
}

// spelling is a word while it is read.
type spelling struct {
	Token
	start          int // in the Reader's buf
	upper, letters int // read so far, digits and signs among the letters
	last           rune
	run            int // how often the last came
}

// again tells that a folded letter comes for the third time or more in a row,
// and says nothing new.
func (w *spelling) again(folded rune) bool {
	if folded != w.last {
		w.last, w.run = folded, 1
		return false
	}
	w.run++
	if w.run >= 3 {
		w.Long = true
	}
	return w.run >= 3
}

// plainLetters reads ASCII letters and digits, of which most words are made,
// and returns how many bytes it took.
func (r *Reader) plainLetters(rest []byte, w *spelling) int {
	buf, i, h := r.buf, 0, w.Hash
	most := w.start + LongestWord
	for ; i < len(rest); i++ {
		c := lower[rest[i]]
		if c == 0 {
			break
		}
		if c != rest[i] {
			w.upper++
		}
		if rune(c) != w.last {
			w.last, w.run = rune(c), 1
		} else if w.again(rune(c)) {
			continue
		}
		h = (h ^ uint64(c)) * prime64
		if buf = append(buf, c); len(buf) > most {
			i++
			break
		}
	}
	w.letters += i
	w.Hash, r.buf = h, buf
	return i
}

// anyLetters reads on from byte i, and returns where the word ends.
func (r *Reader) anyLetters(rest []byte, i int, w *spelling) int {
	for i < len(rest) {
		l, size := rune(rest[i]), 1
		if l >= utf8.RuneSelf {
			l, size = utf8.DecodeRune(rest[i:])
			if l == '’' {
				l = '\''
			}
			if l != '\'' && !inWord(l) {
				break
			}
		} else if class[l] != letter && class[l] != digit && l != '\'' && (l != '_' || w.Kind != Tag) {
			break
		}
		if l == '\'' {
			if i+size >= len(rest) || !startsWord(rest[i+size:]) {
				break
			}
			if n := len(r.buf) - w.start; n <= 2 || elided(r.buf[w.start:]) {
				r.buf = append(r.buf, '\'')
				i += size
				break // l'amour is two words
			}
		}
		if upper(l) {
			w.upper++
		}
		w.letters++
		i += size
		from := len(r.buf)
		r.buf = fold(r.buf, l)
		folded := rune(-2)
		if len(r.buf) > from {
			folded, _ = utf8.DecodeRune(r.buf[from:])
		}
		if w.again(folded) {
			r.buf = r.buf[:from]
		}
		if len(r.buf)-w.start > LongestWord {
			break
		}
	}
	return i
}

// LongestWord is how long a word is, in bytes and a letter more at most: it keeps
// a hostile text without spaces from being one token.
const LongestWord = 60

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
