// Package learning learns a linear scorer's weights from labelled texts.
//
// The same texts, in the same order, with the same seed give the same weights.
package learning

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"confianza/analysis/features"
	"confianza/analysis/together"
	"confianza/analysis/weights"
)

// Example is one labelled text.
type Example struct {
	Text, Language, Source string
	Label                  int // 0 negative, 1 neutral, 2 positive
}

// Learner holds what is kept between steps.
type Learner struct {
	index      *index
	table      []cell // by feature
	hashes     []uint64
	counts     []uint32 // how often each was seen
	languages  []string
	bias       []cell // of all, then of each language
	examples   []seen
	pool       []uint32
	progress   func(step string, done, total int)
	groupPrior [][3]float64
	groupForce []float64
	net        *together.Net
}

// cell holds the weights of the classes and the sums of their squared
// gradients.
type cell struct{ w, g [3]float32 }

// seen is an example as its features: blocks of the pool, and how much each of
// a block's features weighs, rare ones included.
type seen struct {
	from     [nBlocks + 1]uint32
	share    [nBlocks]float32
	language int
	group    int
	label    int
}

const nBlocks = len(features.Blocks{})

// Constants of the method, chosen on held-out texts.
const (
	rate   = 0.05
	decay  = 1e-6
	epochs = 6
	settle = 3    // the weights are the mean of those after the last so many epochs
	even   = 0.35 // a source of n texts has the force of n^0.65
)

// force is how much more a source weighs: umsab is what people write and
// three classes in equal parts, tass2020 and semeval17_A are labelled in the
// same way as its Spanish and its English part, emoevent by emotions, mt_it by
// machine.
var force = map[string]float64{"umsab": 2, "tass2020": 2, "semeval17_A": 2, "emoevent": 0.5, "mt_it": 0.5}

// Train learns. progress, which may be nil, is told of each step. It ends
// early with ctx's error.
//
// It is AdaGrad (Duchi, Hazan and Singer 2011) on the logistic loss. Each
// source labels in its own proportions, some without one class at all: the log
// of a source's proportions is added to the logits while learning (logit
// adjustment, Menon et al. 2021) and not when scoring, so that the weights say
// what a text looks like, not where it was found. Beside the weights it learns
// how what they say goes together, see [together].
func Train(ctx context.Context, examples []Example, seed uint64, progress func(step string, done, total int)) (*Learner, error) {
	l := &Learner{progress: progress}
	if l.progress == nil {
		l.progress = func(string, int, int) {}
	}
	if err := l.read(ctx, examples); err != nil {
		return nil, err
	}
	if err := l.compose(ctx, examples, seed); err != nil {
		return nil, err
	}
	return l, l.descend(ctx, seed, "learning", func(int) bool { return true })
}

// read turns texts into features, keeping those that occur twice or more.
func (l *Learner) read(ctx context.Context, examples []Example) error {
	x := newIndex()
	l.index = x
	var r features.Reader
	var blocks features.Blocks
	for i, e := range examples {
		if i%5000 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			l.progress("counting features", i, len(examples))
		}
		split(&r, e, &blocks)
		for _, b := range blocks {
			for _, f := range b {
				x.count(f)
			}
		}
	}
	l.hashes = x.keep(2)
	l.counts = make([]uint32, len(l.hashes))
	for i, h := range l.hashes {
		l.counts[i] = x.counts[x.slot(h)]
	}
	l.table = make([]cell, len(l.hashes))
	groups := map[[2]string]int{}
	var counts [][3]float64
	for i, e := range examples {
		if i%5000 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			l.progress("reading", i, len(examples))
		}
		split(&r, e, &blocks)
		s := seen{label: e.Label, language: slices.Index(l.languages, e.Language)}
		if s.language < 0 {
			s.language = len(l.languages)
			l.languages = append(l.languages, e.Language)
		}
		for k, b := range blocks {
			s.from[k] = uint32(len(l.pool))
			for _, f := range b {
				if id, ok := x.id(f); ok {
					l.pool = append(l.pool, id)
				}
			}
			s.share[k] = float32(features.Block(k).Force(len(b)))
		}
		s.from[nBlocks] = uint32(len(l.pool))
		key := [2]string{e.Language, e.Source}
		g, ok := groups[key]
		if !ok {
			g = len(counts)
			groups[key] = g
			counts = append(counts, [3]float64{})
		}
		counts[g][e.Label]++
		s.group = g
		l.examples = append(l.examples, s)
	}
	l.weigh(groups, counts)
	l.bias = make([]cell, 1+len(l.languages))
	return nil
}

func split(r *features.Reader, e Example, blocks *features.Blocks) {
	r.Read(e.Text, e.Language)
	blocks.Clear()
	r.Features(e.Language, blocks)
}

// weigh gives each language and source its proportions and its force.
func (l *Learner) weigh(groups map[[2]string]int, counts [][3]float64) {
	l.groupPrior, l.groupForce = make([][3]float64, len(counts)), make([]float64, len(counts))
	for key, g := range groups {
		n := counts[g][0] + counts[g][1] + counts[g][2]
		for k, c := range counts[g] {
			if c == 0 {
				l.groupPrior[g][k] = -30 // this source cannot say it
				continue
			}
			l.groupPrior[g][k] = math.Log((c + 0.5) / (n + 1.5) * 3)
		}
		l.groupForce[g] = math.Pow(n, -even)
		if f, ok := force[key[1]]; ok {
			l.groupForce[g] *= f
		}
	}
	total := 0.0
	for g := range counts {
		total += l.groupForce[g] * (counts[g][0] + counts[g][1] + counts[g][2])
	}
	for g := range l.groupForce {
		l.groupForce[g] *= float64(len(l.examples)) / total
	}
}

// descend learns the weights anew, from the examples it takes.
func (l *Learner) descend(ctx context.Context, seed uint64, step string, takes func(i int) bool) error {
	rng := rand.New(rand.NewPCG(seed, 7))
	var order []int
	for i := range l.examples {
		if takes(i) {
			order = append(order, i)
		}
	}
	clear(l.table)
	clear(l.bias)
	table, bias := mean{of: l.table}, mean{of: l.bias}
	for epoch := range epochs {
		rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for n, i := range order {
			if n%5000 == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
				l.progress(step, epoch*len(order)+n, epochs*len(order))
			}
			l.learn(&l.examples[i])
		}
		if epoch >= epochs-settle {
			table.add()
			bias.add()
		}
	}
	table.take()
	bias.take()
	return nil
}

// mean is the mean of weights at several times.
type mean struct {
	of  []cell
	sum [][3]float32
}

// add takes the weights as they are now into the mean.
func (m *mean) add() {
	if m.sum == nil {
		m.sum = make([][3]float32, len(m.of))
	}
	for i, c := range m.of {
		for k := range 3 {
			m.sum[i][k] += c.w[k] / settle
		}
	}
}

// take makes the mean the weights.
func (m *mean) take() {
	for i := range m.of {
		m.of[i].w = m.sum[i]
	}
}

// logits gives the three logits of an example.
func (l *Learner) logits(e *seen) (z [3]float64) {
	all, own := &l.bias[0], &l.bias[1+e.language]
	var s [3]float32
	for k := range 3 {
		s[k] = all.w[k] + own.w[k]
	}
	for b := range nBlocks {
		var t [3]float32
		for _, id := range l.pool[e.from[b]:e.from[b+1]] {
			w := &l.table[id].w
			t[0] += w[0]
			t[1] += w[1]
			t[2] += w[2]
		}
		for k := range 3 {
			s[k] += t[k] * e.share[b]
		}
	}
	return [3]float64{float64(s[0]), float64(s[1]), float64(s[2])}
}

// learn moves the weights along the gradient of one example.
func (l *Learner) learn(e *seen) {
	z := l.logits(e)
	for k := range 3 {
		z[k] += l.groupPrior[e.group][k]
	}
	top := max(z[0], z[1], z[2])
	var p [3]float64
	sum := 0.0
	for k := range 3 {
		p[k] = math.Exp(z[k] - top)
		sum += p[k]
	}
	var d [3]float32
	for k := range 3 {
		p[k] /= sum
		if k == e.label {
			p[k]--
		}
		d[k] = float32(l.groupForce[e.group] * p[k])
	}
	for b := range nBlocks {
		s := e.share[b]
		for _, id := range l.pool[e.from[b]:e.from[b+1]] {
			l.table[id].move(d[0]*s, d[1]*s, d[2]*s, decay)
		}
	}
	l.bias[0].move(d[0], d[1], d[2], 0)
	l.bias[1+e.language].move(d[0], d[1], d[2], 0)
}

func (c *cell) move(d0, d1, d2, decay float32) {
	for k, d := range [3]float32{d0, d1, d2} {
		d += decay * c.w[k]
		c.g[k] += d * d
		c.w[k] -= rate * d / float32(math.Sqrt(float64(c.g[k]+1e-8)))
	}
}

// Pack makes the file of what was learnt. heat gives, by language, what
// logits are multiplied by; 1 where it says nothing.
func (l *Learner) Pack(heat map[string]float64) []byte {
	rows := make([]weights.Row, len(l.table))
	for i, c := range l.table {
		rows[i] = weights.Row{Feature: l.hashes[i], Negative: c.w[0] - c.w[1], Positive: c.w[2] - c.w[1], Seen: l.counts[i]}
	}
	var languages []weights.Language
	for i, code := range l.languages {
		all, own := l.bias[0].w, l.bias[1+i].w
		h, ok := heat[code]
		if !ok {
			h = 1
		}
		languages = append(languages, weights.Language{Code: code, Heat: float32(h),
			Negative: all[0] + own[0] - all[1] - own[1], Positive: all[2] + own[2] - all[1] - own[1]})
	}
	return weights.Pack(rows, languages, l.net)
}
