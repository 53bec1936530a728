package language

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Example is a text in a known language, as a two-letter code.
type Example struct{ Text, Language string }

// Constants of the method, chosen on held-out posts.
const (
	rate   = 0.3
	epochs = 6
	even   = 0.6 // a language of n texts has the force of n^0.4
	short  = 0.5 // share of the texts that only a few words of are learnt from
)

// Learn makes weights of texts, the file that is embedded here. The same
// texts in the same order and the same seed give the same weights. An error is
// ctx's, or says that there are too many languages.
//
// It is a multinomial logistic regression by AdaGrad (Duchi, Hazan and Singer
// 2011) over hashed pieces of words, every language a class, those too that
// are answered as [Other].
func Learn(ctx context.Context, examples []Example, seed uint64, progress func(step string, done, total int)) (*Weights, error) {
	l := newLearner(examples)
	if l.classes > lanes {
		return nil, fmt.Errorf("language: %d languages are more than the %d that can be learnt", l.classes, lanes)
	}
	rng := rand.New(rand.NewPCG(seed, 11))
	order := rng.Perm(len(examples))
	for epoch := range epochs {
		rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for n, i := range order {
			if n%5000 == 0 {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				progress("learning", epoch*len(order)+n, epochs*len(order))
			}
			text := examples[i].Text
			if rng.Float64() < short {
				text = some(text, rng)
			}
			l.learn(text, examples[i].Language)
		}
	}
	return l.pack(), nil
}

// some takes one to eight words that follow each other out of a text.
func some(text string, rng *rand.Rand) string {
	words := strings.Fields(text)
	n := 1 + rng.IntN(8)
	if len(words) <= n {
		return text
	}
	from := rng.IntN(len(words) - n + 1)
	return strings.Join(words[from:from+n], " ")
}

type learner struct {
	codes   []string
	class   map[string]int
	force   []float64
	w, g    []float32 // by row, then by class; the last row is the bias
	rows    []uint32  // of the present text
	classes int
}

func newLearner(examples []Example) *learner {
	l := &learner{class: map[string]int{}}
	count := map[string]float64{}
	for _, e := range examples {
		count[e.Language]++
	}
	for _, code := range Labels() {
		if count[code] > 0 {
			l.codes = append(l.codes, code)
		}
	}
	ours := len(l.codes)
	for code := range count {
		if !slices.Contains(l.codes, code) {
			l.codes = append(l.codes, code)
		}
	}
	slices.Sort(l.codes[ours:])
	l.classes = len(l.codes)
	all := 0.0
	for i, code := range l.codes {
		l.class[code] = i
		l.force = append(l.force, math.Pow(count[code], -even))
		all += l.force[i] * count[code]
	}
	for i := range l.force {
		l.force[i] *= float64(len(examples)) / all
	}
	l.w, l.g = make([]float32, (buckets+1)*l.classes), make([]float32, (buckets+1)*l.classes)
	return l
}

func (l *learner) learn(text, code string) {
	l.rows = append(l.rows[:0], buckets)
	s := speech{text: text}
	for word := s.next(); word != nil; word = s.next() {
		grams(word, func(row uint32) { l.rows = append(l.rows, row) })
	}
	if len(l.rows) == 1 {
		return
	}
	c, share := l.classes, share(len(l.rows)-1)
	p := make([]float64, c)
	for _, r := range l.rows[1:] {
		for k, w := range l.w[int(r)*c : int(r)*c+c] {
			p[k] += float64(w)
		}
	}
	top := math.Inf(-1)
	for k := range p {
		p[k] = p[k]*share + float64(l.w[buckets*c+k])
		top = max(top, p[k])
	}
	sum := 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		sum += p[k]
	}
	at := l.class[code]
	for k := range p {
		p[k] /= sum
		if k == at {
			p[k]--
		}
		p[k] *= l.force[at]
	}
	for i, r := range l.rows {
		by := share
		if i == 0 {
			by = 1
		}
		for k := range p {
			d := float32(p[k] * by)
			j := int(r)*c + k
			l.g[j] += d * d
			l.w[j] -= rate * d / float32(math.Sqrt(float64(l.g[j]+1e-6)))
		}
	}
}

// share is how much each of n features weighs.
func share(n int) float64 { return 1 / math.Sqrt(float64(max(n, 1))) }
