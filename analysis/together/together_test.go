package together

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"confianza/analysis/features"
)

// Two clauses, "good, bad bad": each token has one feature of whole tokens, so
// that all weigh 1/√3, and what they say is times 2 by the scale.
func TestInputsTellHowASumCameAbout(t *testing.T) {
	var r features.Reader
	r.Read("good. BAD bad", "en")
	if len(r.Tokens) != 3 || !r.Tokens[0].Ends {
		t.Fatalf("read %+v", r.Tokens)
	}
	var s Sheet
	s.Tokens = []Token{{features.Words: {-1, 3}}, {features.Words: {2, -1}}, {features.Words: {2, 0}}}
	s.Pairs[features.Words] = Said{0.5, 0}
	s.Bias = Said{0.25, -0.25}
	s.N[features.Words] = 3
	var in [Inputs]float32
	s.Inputs(&r, 2, &in)
	one := float32(2 / math.Sqrt(3))
	pairs := 2 * (1 + blocks)
	want := map[int]float32{
		0: 0.25 + 3.5*one, 1: -0.25 + 2*one, // the sum
		2: 3 * one, 3: 2 * one, // of it tokens by their words
		pairs: 0.5 * one, pairs + 1: 0,
		pairs + 2: -one, pairs + 3: 3 * one, // the first clause
		pairs + 4: 4 * one, pairs + 5: -one, // the last
		pairs + 6: 2 * one, pairs + 7: 0, // the second half, from the middle on
		pairs + 8: 2 * one, pairs + 9: 3 * one, pairs + 10: 4 * one, // the most a token says
		pairs + 11: -one, pairs + 12: -one, pairs + 13: -3 * one, // the least
		pairs + 14: 4 * one, pairs + 15: 3 * one, pairs + 16: 4 * one, // all that is up
		pairs + 17: -one, pairs + 18: -one, pairs + 19: -5 * one, // and down
		pairs + 20: float32(math.Log(4)), pairs + 21: 1, pairs + 22: one * float32(math.Sqrt(16+9+4)),
	}
	for i, w := range want {
		if math.Abs(float64(in[i]-w)) > 1e-5 {
			t.Errorf("input %d is %v, want %v", i, in[i], w)
		}
	}
	if got := in[Inputs-2]; got != float32(math.Log(2)) {
		t.Errorf("tokens in capitals are %v; there is one", got)
	}
}

// cases are texts of which a sum does not tell enough: those of language 0
// whose input 5 is high are positive though their sum says nothing, in
// language 1 negative.
func cases() []Case {
	all := make([]Case, 2000)
	for i := range all {
		c := &all[i]
		c.Language, c.Force, c.Label = i%2, 1, 1
		c.In[7] = float32(i%7) / 7
		if i/2%2 == 1 {
			c.In[5] = 1
			c.Label = 2 - 2*c.Language
		}
	}
	return all
}

func TestLearnWhatASumDoesNotTell(t *testing.T) {
	n, err := Learn(t.Context(), repeat(cases(), 40), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range []int{2, 0} {
		for five, want := range []int{1, want} {
			var in [Inputs]float32
			in[5], in[7] = float32(five), 0.5
			add := n.Correct(&in, language)
			got := 1
			if add[0] > max(0, add[1]) {
				got = 0
			} else if add[1] > 0 {
				got = 2
			}
			if got != want {
				t.Errorf("language %d, input %d: adds %v, which is class %d, want %d", language, five, add, got, want)
			}
		}
	}
}

func repeat(cases []Case, times int) (all []Case) {
	for range times {
		all = append(all, cases...)
	}
	return all
}

// The gradient of a case is what a small change of each number changes its
// loss by, over that change.
func TestGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := Case{Language: 1, Label: 2, Prior: [3]float64{0.2, -0.3, 0.1}, Force: 1.5}
	for i := range c.In {
		c.In[i] = 2*rng.Float32() - 1
	}
	n, sums := begin([]Case{c, {}}, 2, rng)
	tr := newTrainer(n)
	tr.see(&c, sums[0], 1, rng)
	loss := func() float64 {
		z := [3]float64{float64(n.Bias[0]+n.Keep[0]*sums[0][0]) + c.Prior[0], c.Prior[1], float64(n.Bias[1]+n.Keep[0]*sums[0][1]) + c.Prior[2]}
		for u := range n.Units {
			if tr.active[u] > 0 {
				v := n.Units[u].value(&c.In, c.Language) / (1 - dropped)
				z[0] += float64(n.Units[u].Says[0] * v)
				z[2] += float64(n.Units[u].Says[1] * v)
			}
		}
		return c.Force * (math.Log(math.Exp(z[0])+math.Exp(z[1])+math.Exp(z[2])) - z[c.Label])
	}
	slopes := tr.slope.numbers()
	moved := 0
	for k, some := range n.numbers()[levels:] {
		for i := range some {
			const step = 1.0 / 64
			was := some[i]
			some[i] = was + step
			up := loss()
			some[i] = was - step
			want := (up - loss()) / (2 * step)
			some[i] = was
			got := float64(slopes[levels+k][i])
			if math.Abs(got-want) > 1e-3 {
				t.Errorf("number %d of %d: %v, want %v", i, levels+k, got, want)
			}
			if got != 0 {
				moved++
			}
		}
	}
	if moved < Hidden*Inputs/8 {
		t.Errorf("%d numbers move", moved)
	}
}

// A source that says neutral to everything is no reason to say it elsewhere.
func TestLearnAllowsForWhatASourceSays(t *testing.T) {
	all := make([]Case, 40000)
	for i := range all {
		all[i] = Case{Label: 1, Prior: [3]float64{-30, math.Log(3), -30}, Force: 1}
	}
	n, err := Learn(t.Context(), all, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	var in [Inputs]float32
	if add := n.Correct(&in, 0); add[0] < -1 || add[1] < -1 {
		t.Errorf("adds %v to the sum of a text", add)
	}
}

func TestFile(t *testing.T) {
	learn := func() *Net {
		n, err := Learn(t.Context(), cases(), 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	n := learn()
	file := n.Append(nil)
	if !bytes.Equal(file, learn().Append(nil)) {
		t.Error("the same cases and seed give another network")
	}
	back, ok := Open(file, 2)
	if !ok || len(file) != Bytes(2) {
		t.Fatalf("%d bytes, of which nothing is read", len(file))
	}
	a, b := cases()[3].In, cases()[3].In
	if x, y := n.Correct(&a, 1), back.Correct(&b, 1); x != y {
		t.Errorf("learnt it adds %v, read %v", x, y)
	}
	other := bytes.Clone(file)
	other[0]++
	for name, file := range map[string][]byte{"cut short": file[:len(file)-1], "of other inputs": other, "empty": nil} {
		if _, ok := Open(file, 2); ok {
			t.Errorf("%s, and it was read", name)
		}
	}
	if _, ok := Open(file, 3); ok {
		t.Error("read for three languages, it was of two")
	}
}

func TestNothingIsAllocated(t *testing.T) {
	n := empty(1)
	var r features.Reader
	var s Sheet
	read := func() {
		r.Read("they lost my data!!", "en")
		s.Clear()
		for range r.Tokens {
			s.Tokens = append(s.Tokens, Token{})
		}
		var in [Inputs]float32
		s.Inputs(&r, 1, &in)
		n.Correct(&in, 0)
	}
	read()
	if n := testing.AllocsPerRun(100, read); n != 0 {
		t.Errorf("%v allocations a text", n)
	}
}
