package features

import "math"

// Marks are how many tokens of some kinds a text has, as ln(1+n): each sort of
// [Kind] but words, then calls, questions, and tokens that are negated, in
// capitals and stretched.
type Marks [Mark + 5]float32

// Marks counts those of the text that was read last.
func (r *Reader) Marks() (m Marks) {
	for i := range r.Tokens {
		t := &r.Tokens[i]
		if t.Kind > Word {
			m[t.Kind-1]++
		}
		for k, is := range [...]bool{t.Kind == Mark && r.buf[t.start] == '!', t.Kind == Mark && r.buf[t.start] == '?', t.Negated, t.Caps, t.Long} {
			if is {
				m[int(Mark)+k]++
			}
		}
	}
	for i, n := range m {
		if n > 0 {
			m[i] = float32(math.Log1p(float64(n)))
		}
	}
	return m
}
