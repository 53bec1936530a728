package together

// Hidden is how many units the network has between what it reads and what it
// says.
const Hidden = 32

// Net corrects sums.
type Net struct {
	Mean, Per [Inputs]float32 // inputs are taken less their mean, times Per, and cut at ±4
	Units     []Unit          // Hidden of them
	Keep      [1]float32      // how much of the sum stays
	Bias      Said
}

// Unit weighs the inputs and, where that is above 0, says something.
type Unit struct {
	Weights  [Inputs]float32
	Language []float32 // what it starts from, by language
	Says     Said
}

// cut keeps a single odd input from deciding.
const cut = 4

// Correct gives what is to be added to the sum of a text in the language of
// that number, in logits. It levels the inputs in place.
func (n *Net) Correct(in *[Inputs]float32, language int) Said {
	sum := sumOf(in)
	n.level(in)
	less := n.Keep[0] - 1
	add := Said{n.Bias[0] + less*sum[0], n.Bias[1] + less*sum[1]}
	for u := range n.Units {
		unit := &n.Units[u]
		if v := unit.value(in, language); v > 0 {
			add.add(unit.Says, v)
		}
	}
	return add
}

// level brings inputs to a common size.
func (n *Net) level(in *[Inputs]float32) {
	for i := range in {
		in[i] = max(-cut, min(cut, (in[i]-n.Mean[i])*n.Per[i]))
	}
}

// value is what a unit weighs: four sums side by side, since each addition
// waits for the one before.
func (u *Unit) value(in *[Inputs]float32, language int) float32 {
	a, b, c, d := u.Language[language], float32(0), float32(0), float32(0)
	i := 0
	for ; i+4 <= Inputs; i += 4 {
		a += u.Weights[i] * in[i]
		b += u.Weights[i+1] * in[i+1]
		c += u.Weights[i+2] * in[i+2]
		d += u.Weights[i+3] * in[i+3]
	}
	for ; i < Inputs; i++ {
		a += u.Weights[i] * in[i]
	}
	return a + b + c + d
}

// empty is a network that says nothing.
func empty(languages int) *Net {
	n := &Net{Units: make([]Unit, Hidden)}
	for u := range n.Units {
		n.Units[u].Language = make([]float32, languages)
	}
	return n
}

// levels is how many of [Net.numbers] are not learnt: Mean and Per.
const levels = 2

// numbers are all numbers of the network, to be read and written in place.
func (n *Net) numbers() (all [][]float32) {
	all = append(all, n.Mean[:], n.Per[:], n.Keep[:], n.Bias[:])
	for u := range n.Units {
		unit := &n.Units[u]
		all = append(all, unit.Weights[:], unit.Language, unit.Says[:])
	}
	return all
}
