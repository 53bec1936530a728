package together

import (
	"context"
	"math"
	"math/rand/v2"
)

// Case is one labelled text to learn from.
type Case struct {
	In       [Inputs]float32
	Language int
	Label    int        // 0 negative, 1 neutral, 2 positive
	Prior    [3]float64 // added to the logits while learning
	Force    float64    // how much it counts
}

// Constants of the method, chosen on held-out texts.
const (
	epochs   = 5
	batch    = 512
	rate     = 0.002 // at the start; it falls to none at the end
	decay    = 0.01
	dropped  = 0.3 // share of the units that say nothing in a case
	momentum = 0.9
	memory   = 0.999
)

// Learn learns a network of cases in so many languages: Adam (Kingma and Ba
// 2015) on the logistic loss, with decay apart from the gradient (Loshchilov
// and Hutter 2019) and units dropped out (Srivastava et al. 2014). It levels the
// cases' inputs in place. The same cases and seed give the same network.
func Learn(ctx context.Context, cases []Case, languages int, seed uint64) (*Net, error) {
	rng := rand.New(rand.NewPCG(seed, 11))
	n, sums := begin(cases, languages, rng)
	t := newTrainer(n)
	order := make([]int, len(cases))
	for i := range order {
		order[i] = i
	}
	for epoch := range epochs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for at := 0; at < len(order); at += batch {
			some := order[at:min(at+batch, len(order))]
			for _, i := range some {
				t.see(&cases[i], sums[i], float32(1/float64(len(some))), rng)
			}
			t.step(rate * (1 - float64(epoch*len(order)+at)/float64(epochs*len(order))))
		}
	}
	return n, nil
}

// begin draws first weights, levels the inputs, and gives the cases' sums as
// they were before.
func begin(cases []Case, languages int, rng *rand.Rand) (*Net, []Said) {
	n := empty(languages)
	n.Keep[0] = 1
	var sum, squares [Inputs]float64
	for i := range cases {
		for k, v := range cases[i].In {
			sum[k] += float64(v)
			squares[k] += float64(v) * float64(v)
		}
	}
	for k := range sum {
		mean := sum[k] / float64(len(cases))
		n.Mean[k] = float32(mean)
		n.Per[k] = float32(1 / (1e-4 + math.Sqrt(max(0, squares[k]/float64(len(cases))-mean*mean))))
	}
	sums := make([]Said, len(cases))
	for i := range cases {
		sums[i] = sumOf(&cases[i].In)
		n.level(&cases[i].In)
	}
	draw := func(in int) float32 { return float32((2*rng.Float64() - 1) / math.Sqrt(float64(in))) }
	for u := range n.Units {
		unit := &n.Units[u]
		for k := range unit.Weights {
			unit.Weights[k] = draw(Inputs)
		}
		for k := range unit.Language {
			unit.Language[k] = draw(Inputs) // from 0 it was 0.2 points worse, about what chance does
		}
		unit.Says = Said{draw(Hidden), draw(Hidden)}
	}
	return n, sums
}

// trainer holds a network's gradients and their running means.
type trainer struct {
	net, slope, mean, square *Net // the last three are of the same size
	steps                    int
	active                   []float32 // what each unit says in the case, 0 for one that is silent
}

func newTrainer(n *Net) *trainer {
	languages := len(n.Units[0].Language)
	return &trainer{net: n, slope: empty(languages), mean: empty(languages), square: empty(languages), active: make([]float32, Hidden)}
}

// see adds the gradient of one case.
func (t *trainer) see(c *Case, sum Said, share float32, rng *rand.Rand) {
	n := t.net
	said := Said{n.Bias[0] + n.Keep[0]*sum[0], n.Bias[1] + n.Keep[0]*sum[1]}
	for u := range n.Units {
		t.active[u] = 0
		if rng.Float32() < dropped {
			continue
		}
		if v := n.Units[u].value(&c.In, c.Language) / (1 - dropped); v > 0 {
			t.active[u] = v
			said.add(n.Units[u].Says, v)
		}
	}
	z := [3]float64{float64(said[0]) + c.Prior[0], c.Prior[1], float64(said[1]) + c.Prior[2]}
	top, total := max(z[0], z[1], z[2]), 0.0
	for k := range z {
		z[k] = math.Exp(z[k] - top)
		total += z[k]
	}
	var d Said
	for side, k := range [2]int{0, 2} {
		p := z[k] / total
		if c.Label == k {
			p--
		}
		d[side] = float32(p*c.Force) * share
	}
	t.slope.Bias.add(d, 1)
	t.slope.Keep[0] += d[0]*sum[0] + d[1]*sum[1]
	for u, v := range t.active {
		if v == 0 {
			continue
		}
		unit, to := &n.Units[u], &t.slope.Units[u]
		to.Says.add(d, v)
		back := (d[0]*unit.Says[0] + d[1]*unit.Says[1]) / (1 - dropped)
		for k, x := range c.In {
			to.Weights[k] += back * x
		}
		to.Language[c.Language] += back
	}
}

// step moves the network against the gradients, and forgets them. The inputs'
// levels have none and stay.
func (t *trainer) step(rate float64) {
	t.steps++
	fix1, fix2 := 1-math.Pow(momentum, float64(t.steps)), 1-math.Pow(memory, float64(t.steps))
	slopes, means, squares := t.slope.numbers(), t.mean.numbers(), t.square.numbers()
	for k, w := range t.net.numbers()[levels:] {
		slope, mean, square := slopes[levels+k], means[levels+k], squares[levels+k]
		for i := range w {
			d := slope[i]
			slope[i] = 0
			mean[i] += (1 - momentum) * (d - mean[i])
			square[i] += (1 - memory) * (d*d - square[i])
			w[i] -= float32(rate * (float64(mean[i])/fix1/(math.Sqrt(float64(square[i])/fix2)+1e-8) + decay*float64(w[i])))
		}
	}
}
