package twins

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Sketch is what is left of a text when only its likeness to others matters:
// one bit of each of 128 min-wise hashes of its words (Li and König, "b-Bit
// Minwise Hashing", 2010). No word can be read from it.
type Sketch [2]uint64

// sketchBytes is how long a packed sketch is.
const sketchBytes = 16

// SketchOf makes the sketch of a text; ok is false when it has no words.
func SketchOf(text string) (s Sketch, ok bool) {
	words := split(text)
	if len(words) == 0 {
		return s, false
	}
	var least [64 * len(s)]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for _, w := range words {
		h := uint64(14695981039346656037) // FNV-1a (Fowler, Noll and Vo)
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		for i := range least {
			least[i] = min(least[i], spread(h+uint64(i)*0x9e3779b97f4a7c15))
		}
	}
	for i, v := range least {
		s[i/64] |= v & 1 << (i % 64)
	}
	return s, true
}

// spread makes any two numbers look unlike (the finalizer of SplitMix64, Steele,
// Lea and Flood 2014).
func spread(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// unlike is in how many bits the sketches of twins differ at most. A bit of two
// texts with overlap J is the same with probability (1+J)/2, so that of 128 bits
// 25.6 differ at an overlap of [Alike]. Two texts that share one word in ten come
// as near once in a hundred million times; twins with an overlap of 0.6, 0.7 and
// 0.8 are found in 5, 9 and 10 of 10.
const unlike = 25

// Sketches are those of many texts, in order, each once.
type Sketches []Sketch

// Sketched makes the sketches of texts.
func Sketched(texts []string) Sketches {
	var all Sketches
	for _, t := range texts {
		if s, ok := SketchOf(t); ok {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Sketch) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(all)
}

// Has tells whether a text is a twin of one of those that were sketched, as
// far as sketches tell.
func (s Sketches) Has(text string) bool {
	asked, ok := SketchOf(text)
	if !ok {
		return false
	}
	for _, t := range s {
		if n := bits.OnesCount64(t[0] ^ asked[0]); n <= unlike && n+bits.OnesCount64(t[1]^asked[1]) <= unlike {
			return true
		}
	}
	return false
}

// Pack makes the bytes that [OpenSketches] reads.
func (s Sketches) Pack() []byte {
	file := make([]byte, 0, sketchBytes*len(s))
	for _, t := range s {
		file = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(file, t[0]), t[1])
	}
	return file
}

// OpenSketches reads what [Sketches.Pack] made.
func OpenSketches(file []byte) (Sketches, error) {
	if len(file)%sketchBytes != 0 {
		return nil, errors.New("twins: sketches are not whole")
	}
	s := make(Sketches, 0, len(file)/sketchBytes)
	for ; len(file) > 0; file = file[sketchBytes:] {
		s = append(s, Sketch{binary.LittleEndian.Uint64(file), binary.LittleEndian.Uint64(file[8:])})
	}
	return s, nil
}
