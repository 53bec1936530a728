// Package together judges what the words of a text say together.
//
// A linear scorer adds up what each word says. But two kind words and two bad
// ones are not as neutral as none, the last clause counts for more than the
// first, and a question is not an answer. A small network reads how the sum
// came about, the same in all languages, and corrects it (stacked
// generalisation, Wolpert 1992). It learns from sums of texts that the linear
// weights had not learnt from: of its own texts a scorer is too sure.
package together

import (
	"math"

	"confianza/analysis/features"
)

// Inputs is how many numbers tell how a sum came about.
const Inputs = 2*(1+blocks+1+3) + 3*4 + 3 + len(features.Marks{})

const blocks = len(features.Blocks{})

// Said is what something says for negative and for positive, each against
// neutral, in logits.
type Said [2]float32

// Sheet is a text taken apart: what is summed, before it is multiplied by
// [features.Block.Force]. It may be used again.
type Sheet struct {
	Tokens []Token // in the order of the reader's
	Pairs  Token   // what pairs of tokens and the edges say
	Bias   Said
	N      [blocks]int // features, known ones or not
}

// Token is what a token by itself says, by block.
type Token [blocks]Said

// Clear makes the sheet empty and keeps its memory.
func (s *Sheet) Clear() { *s = Sheet{Tokens: s.Tokens[:0]} }

// Inputs fills in how the sum came about; the first two are the sum itself.
// r has read the text; scale is what sums are multiplied by to give logits.
func (s *Sheet) Inputs(r *features.Reader, scale float32, to *[Inputs]float32) {
	var force [blocks]float32
	for b := range force {
		force[b] = scale * float32(features.Block(b).Force(s.N[b]))
	}
	var byBlock [blocks]Said
	var pairs Said
	for b, p := range s.Pairs {
		pairs.add(p, force[b])
	}
	var most, least, up, down [3]float32
	var first, last, half Said
	clauses, squares := 0, float32(0)
	for i := range s.Tokens {
		var said Said
		for b, t := range s.Tokens[i] {
			said.add(t, force[b])
			byBlock[b].add(t, force[b])
		}
		for k, v := range [3]float32{said[0], said[1], said[1] - said[0]} {
			most[k], least[k] = max(most[k], v), min(least[k], v)
			up[k], down[k] = up[k]+max(v, 0), down[k]+min(v, 0)
		}
		squares += (said[1] - said[0]) * (said[1] - said[0])
		last.add(said, 1)
		if clauses == 0 {
			first.add(said, 1)
		}
		if 2*i >= len(s.Tokens) {
			half.add(said, 1)
		}
		if r.Tokens[i].Ends && i+1 < len(s.Tokens) {
			clauses++
			last = Said{}
		}
	}
	sum := s.Bias
	sum.add(pairs, 1)
	for _, b := range byBlock {
		sum.add(b, 1)
	}
	at := to[:0]
	at = append(at, sum[:]...)
	for _, b := range byBlock {
		at = append(at, b[:]...)
	}
	for _, p := range [...]Said{pairs, first, last, half} {
		at = append(at, p[:]...)
	}
	for _, of := range [...][3]float32{most, least, up, down} {
		at = append(at, of[:]...)
	}
	at = append(at, float32(math.Log1p(float64(len(s.Tokens)))), float32(clauses), float32(math.Sqrt(float64(squares))))
	marks := r.Marks()
	copy(to[len(at):], marks[:])
}

// sumOf is the sum that inputs are of, before they are levelled.
func sumOf(in *[Inputs]float32) Said { return Said{in[0], in[1]} }

func (s *Said) add(of Said, times float32) {
	s[0] += of[0] * times
	s[1] += of[1] * times
}
