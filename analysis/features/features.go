// Package features turns a short text into hashed features: what a linear
// scorer learns from and scores with.
//
// Training and scoring share every line of it, so that they cannot see
// different texts. A [Reader] keeps its memory from text to text and allocates
// nothing in the steady state.
package features

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
	Hash       uint64 // of its folded form
}

// Form is the folded form of a token: lower case, Latin accents off, no sign
// more than twice in a row. It is valid until the next text is read.
func (r *Reader) Form(t Token) []byte { return r.buf[t.start:t.end] }

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
	negatedGrams
)

// Words appends the features of whole tokens: single and in pairs, negated,
// in capitals, stretched, first and last.
func (r *Reader) Words(to []uint64) []uint64 {
	var before, before2 *Token
	for i := range r.Tokens {
		t := &r.Tokens[i]
		to = append(to, mix(t.Hash+present))
		if t.Kind == Tag {
			to = append(to, mix(hash(r.buf[t.start+1:t.end])+present))
		}
		if t.Negated {
			to = append(to, mix(t.Hash+negated))
		}
		if t.Caps {
			to = append(to, mix(t.Hash+capital))
		}
		if t.Long {
			to = append(to, mix(t.Hash+stretched))
		}
		if before != nil {
			to = append(to, mix(before.Hash*3+t.Hash+pair))
		}
		if before2 != nil {
			to = append(to, mix(before2.Hash*5+t.Hash+apart))
		}
		before2, before = before, t
	}
	if n := len(r.Tokens); n > 0 {
		to = append(to, mix(r.Tokens[0].Hash+opening), mix(r.Tokens[n-1].Hash+closing))
	}
	return to
}

// InLanguage is a feature's copy for one language, so that a word may mean
// something else there. code is a two-letter code.
func InLanguage(feature uint64, code string) uint64 {
	if len(code) < 2 {
		return feature
	}
	return mix(feature ^ (uint64(code[0])<<8|uint64(code[1]))*0x9e3779b97f4a7c15)
}

// Shortest and Longest are the lengths of a word's pieces, in letters, its two
// edges counted as such.
const (
	Shortest = 2
	Longest  = 5
)

// Pieces appends the features of the letters of a token: its n-grams. Signs
// and classes have none. It depends on the token alone.
func (r *Reader) Pieces(t Token, to []uint64) []uint64 {
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

// OwnLanguage is how much copies for one language weigh beside the features
// that all languages share.
const OwnLanguage = 0.7
