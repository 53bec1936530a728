// Package features turns a short text into hashed features: what a linear
// scorer learns from and scores with.
//
// Training and scoring share every line of it, so that they cannot see
// different texts. A [Reader] keeps its memory from text to text and allocates
// nothing in the steady state.
package features

import "math"

// Reader reads texts, one after the other. It is not safe for concurrent use.
// The zero value is ready.
type Reader struct {
	Tokens []Token // of the last text read
	raw    []byte  // the text without HTML entities
	buf    []byte  // the folded tokens, end to end
}

// Kind is what a token is.
type Kind uint8

// The kinds of token.
const (
	Word   Kind = iota
	Tag         // a hashtag, with its #
	User        // @somebody, whoever it is
	Link        // an address, whichever it is
	Number      // whichever it is
	Emoji
	Emoticon
	Mark // ! ? …
)

// Token is one word, sign or class of them.
type Token struct {
	Kind       Kind
	Caps       bool   // written in capitals, two letters or more
	Long       bool   // had a letter or sign three times or more
	Negated    bool   // in the scope of a negation
	Ends       bool   // a clause ends behind it
	start, end uint32 // of its folded form
	from, to   uint32 // of where it was read
	Hash       uint64 // of its folded form
}

// Form is the folded form of a token: lower case, Latin accents off, no sign
// more than twice in a row. It is valid until the next text is read.
func (r *Reader) Form(t Token) []byte { return r.buf[t.start:t.end] }

// Written is a token as it stands in the text, with what belongs to it: its
// other skin tones, further points, its whole address. It is valid as long as
// its form.
func (r *Reader) Written(t Token) []byte { return r.raw[t.from:t.to] }

// Place is where a token stands in [Reader.Text], in bytes.
func (t Token) Place() (from, to int) { return int(t.from), int(t.to) }

// Text is the text that was read last, its entities resolved.
func (r *Reader) Text() []byte { return r.raw }

// hash is FNV-1a (Fowler, Noll and Vo), 64 bits.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func hash(b []byte) uint64 {
	h := uint64(offset64)
	for _, c := range b {
		h = (h ^ uint64(c)) * prime64
	}
	return h
}

// mix makes every bit of a feature's hash depend on all of what it is made of
// (the finaliser of MurmurHash3, Appleby 2011).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// What a feature says of its token is part of its hash.
const (
	present uint64 = (iota + 1) << 56
	negated
	pair
	apart
	capital
	stretched
	opening
	closing
	grams
	meant
	felt
	shown
)

// Block is a group of features that share their force, see [Block.Force].
type Block int

// The blocks.
const (
	Words    Block = iota // whole tokens, single and in pairs, for all languages
	Own                   // copies of them for one language, so that a word may mean something else there
	Pieces                // the letters of words: their n-grams
	Meanings              // what words say, the same in six languages
	blocks
)

// Force is what each feature of the block weighs in a text that has n of them,
// so that long texts are not surer than short ones: 1/√n, and less for letters,
// of which the many repeat each other. Chosen on held-out texts.
func (b Block) Force(n int) float64 {
	switch {
	case n == 0:
		return 0
	case b == Own:
		return 0.7 / math.Sqrt(float64(n))
	case b == Pieces:
		return math.Pow(float64(n), -0.65)
	}
	return 1 / math.Sqrt(float64(n))
}

// Blocks are the hashed features of a text, or of a part of it, by block.
type Blocks [blocks][]uint64

// Clear takes everything out and keeps the memory.
func (b *Blocks) Clear() {
	for i := range b {
		b[i] = b[i][:0]
	}
}

// add adds a feature of whole tokens, with its copy for the language.
func (b *Blocks) add(feature uint64, l tongue) {
	feature = mix(feature)
	b[Words] = append(b[Words], feature)
	b[Own] = append(b[Own], l.own(feature))
}

// tongue is a language's part in the hashes of its features.
type tongue uint64

func tongueOf(code string) tongue {
	if len(code) < 2 {
		return 0
	}
	return tongue((uint64(code[0])<<8 | uint64(code[1])) * 0x9e3779b97f4a7c15)
}

// own is a feature's copy for the language.
func (l tongue) own(feature uint64) uint64 {
	if l == 0 {
		return feature
	}
	return mix(feature ^ uint64(l))
}

// Features appends all features of the text that was read last: it is what
// [Reader.Alone], [Reader.Between] and [Reader.Ends] give of its tokens. Scorers may
// call these instead, and remember what Alone gives.
func (r *Reader) Features(language string, to *Blocks) {
	for i := range r.Tokens {
		r.Alone(i, language, to)
		r.Between(i-1, i, language, to)
		r.Between(i-2, i, language, to)
	}
	r.Ends(language, to)
}

// Alone appends the features of token i by itself. They depend on [Token.Same]
// alone.
func (r *Reader) Alone(i int, language string, to *Blocks) {
	t, l := &r.Tokens[i], tongueOf(language)
	to.add(t.Hash+present, l)
	if t.Kind == Tag {
		to.add(hash(r.buf[t.start+1:t.end])+present, l)
	}
	if t.Negated {
		to.add(t.Hash+negated, l)
	}
	if t.Caps {
		to.add(t.Hash+capital, l)
	}
	if t.Long {
		to.add(t.Hash+stretched, l)
	}
	to[Pieces] = r.pieces(*t, to[Pieces])
	to[Meanings] = r.meanings(*t, l, to[Meanings])
}

// Same is equal for tokens that have the same features by themselves in a
// language.
func (t *Token) Same(language string) uint64 {
	flags := uint64(t.Kind) << 3
	if t.Negated {
		flags |= 1
	}
	if t.Caps {
		flags |= 2
	}
	if t.Long {
		flags |= 4
	}
	return mix(t.Hash ^ mix(flags+1) ^ uint64(tongueOf(language)))
}

// Between appends the features of two tokens that follow each other, or have
// one other between them: i is one or two below j. There are none where i is
// before the text.
func (r *Reader) Between(i, j int, language string, to *Blocks) {
	if i < 0 {
		return
	}
	a, b, l := &r.Tokens[i], &r.Tokens[j], tongueOf(language)
	if j-i == 1 {
		to.add(a.Hash*3+b.Hash+pair, l)
		return
	}
	to.add(a.Hash*5+b.Hash+apart, l)
}

// Ends appends the features of the first and of the last token.
func (r *Reader) Ends(language string, to *Blocks) {
	if n := len(r.Tokens); n > 0 {
		l := tongueOf(language)
		to.add(r.Tokens[0].Hash+opening, l)
		to.add(r.Tokens[n-1].Hash+closing, l)
	}
}

// Shortest and Longest are the lengths of a word's pieces, in letters, its two
// edges counted as such.
const (
	Shortest = 2
	Longest  = 5
)

// pieces appends the features of the letters of a token. Signs and classes
// have none.
func (r *Reader) pieces(t Token, to []uint64) []uint64 {
	if t.Kind != Word && t.Kind != Tag {
		return to
	}
	salt := grams
	form := r.buf[t.start:t.end]
	if t.Kind == Tag {
		form = form[1:]
	}
	// The edges are spaces; -1 is the one before, len(form) the one behind.
	for from := -1; from < len(form); {
		h := uint64(offset64)
		at := from
		for n := 1; n <= Longest && at <= len(form); n++ {
			switch {
			case at < 0 || at == len(form):
				h = (h ^ ' ') * prime64
				at++
			default:
				h = (h ^ uint64(form[at])) * prime64
				for at++; at < len(form) && form[at]&0xC0 == 0x80; at++ {
					h = (h ^ uint64(form[at])) * prime64
				}
			}
			if n >= Shortest {
				to = append(to, mix(h+salt))
			}
		}
		if from++; from > 0 {
			for from < len(form) && form[from]&0xC0 == 0x80 {
				from++
			}
		}
	}
	return to
}
