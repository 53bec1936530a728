// Package language tells which language a short text is in.
//
// It answers with a closed set, since the answer becomes a metric label: the
// languages confianza scores or will score, and [Other]. Evidence is the
// script, pieces of the words (learnt from posts, and for other languages from
// manuals), and what the source declared.
package language

import (
	_ "embed"
	"math"
	"slices"
	"strings"
)

// Other is every language outside the set, and what cannot be told.
const Other = "other"

// Guess is a language with how sure we are of it, 0 to 1.
type Guess struct {
	Code       string
	Confidence float64
}

// Labels lists every code [Identify] can give.
func Labels() []string { return labels[:] }

var labels = [...]string{"en", "es", "pt", "fr", "de", "it", "ar", "hi", Other}

//go:embed languages.bin
var embedded []byte

// learnt are the weights in the binary. A test opens them.
var learnt = func() *Weights {
	w, err := Open(embedded)
	if err != nil {
		return &Weights{}
	}
	return w
}()

// Version names what identifies languages: another version may find another
// language in the same text.
func Version() string { return learnt.Version }

// Identify gives the language of a text. A declared language (BCP 47, "" when
// there is none) is evidence, not truth: people's apps declare a default that
// they do not always write in. It allocates nothing.
func Identify(text, declared string) Guess { return learnt.Identify(text, declared) }

// worth is what a declared language is worth, in logits: English less, since it
// is what apps declare by themselves, and any more where there are few letters,
// since "ok" and "no" are words of many languages.
func worth(declared string, letters int) float64 {
	few := 1.5 * float64(max(0, 5-letters))
	if declared == "en" {
		return 1.5 + few
	}
	return 3 + few
}

// surest is how sure we must be against a declared language that we know
// nothing of; below unsure the declared language is believed, and where there is
// none, none is named.
const (
	surest = 0.97
	unsure = 0.35
)

// Identify is [Identify] by these weights.
func (w *Weights) Identify(text, declared string) Guess {
	s := speech{text: text}
	var z [lanes]float64
	n := w.read(&s, &z)
	says := normal(declared)
	in := latin
	for of, letters := range s.letters {
		if letters > s.letters[in] {
			in = script(of)
		}
	}
	switch {
	case n == 0 && says == "":
		return Guess{Other, 0}
	case n == 0:
		return Guess{says, 1}
	case in == elsewhere:
		return Guess{Other, 1}
	case in == devanagari:
		return Guess{"hi", 1}
	}
	class := slices.Index(w.codes, code(declared))
	if class >= 0 {
		z[class] += worth(says, s.letters[in])
	}
	best, p := w.best(&z, in)
	if class >= 0 && p < unsure { // the text speaks for nothing
		best = class
	}
	switch {
	case class < 0 && says == Other && p < surest:
		return Guess{Other, 1 - p}
	case says == "" && p < unsure:
		return Guess{Other, p}
	case !slices.Contains(labels[:], w.codes[best]):
		return Guess{Other, p}
	}
	return Guess{w.codes[best], p}
}

// read puts the classes' logits into z, and returns how many features made
// them.
func (w *Weights) read(s *speech, z *[lanes]float64) int {
	m := w.take()
	defer w.back(m)
	var total [lanes]int
	var some sums
	n, unsaid := 0, 0 // features, and those of them that are in some
	flush := func() {
		for k := range w.codes {
			total[k] += some.of(k) - 128*unsaid
		}
		some, unsaid = sums{}, 0
	}
	for word := s.next(); word != nil; word = s.next() {
		met := m.of(w, word, s.hash)
		if unsaid+int(met.n) > most {
			flush()
		}
		some.join(&met.sums)
		unsaid += int(met.n)
		n += int(met.n)
	}
	flush()
	by := share(n) * float64(w.scale)
	for k, bias := range w.bias {
		z[k] = float64(total[k])*by + float64(bias)
	}
	return n
}

// best is the most probable class of those that are written in a script.
func (w *Weights) best(z *[lanes]float64, in script) (class int, p float64) {
	class = -1
	for k := range w.codes {
		if w.arabic[k] == (in == arabic) && (class < 0 || z[k] > z[class]) {
			class = k
		}
	}
	sum := 0.0
	for k := range w.codes {
		if d := z[k] - z[class]; d > negligible && w.arabic[k] == (in == arabic) {
			sum += math.Exp(d)
		}
	}
	return class, 1 / sum
}

// negligible is a difference of logits that moves no probability by more than
// a millionth. Most classes are further behind, and need no exponential.
const negligible = -17

// code is the two letters that a declared language begins with, "" when
// nothing is declared.
func code(declared string) string {
	if i := strings.IndexAny(declared, "-_"); i >= 0 {
		declared = declared[:i]
	}
	for i := 0; i < len(declared); i++ {
		if declared[i] < 'a' {
			return strings.ToLower(declared)
		}
	}
	if declared == "und" {
		return ""
	}
	return declared
}

// normal gives a declared language as one of ours or Other, "" when nothing
// is declared.
func normal(declared string) string {
	switch c := code(declared); {
	case c == "" || c == "und":
		return ""
	case slices.Contains(labels[:], c):
		return c
	}
	return Other
}
