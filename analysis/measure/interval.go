package measure

import (
	"math/rand/v2"
	"slices"
)

// Interval is where a figure lies 95 times of 100 when other texts of the
// same kind had been drawn.
type Interval struct{ Low, High float64 }

// Drawn are confusions of as many texts as c has, drawn from them with
// replacement (the bootstrap of Efron 1979): what a figure is in each tells how far chance
// moves it. The same seed draws the same; of nothing, nothing is drawn.
func (c Confusion) Drawn(draws int, seed uint64) []Confusion {
	var cells []uint8 // one a text
	for i, row := range c {
		for j, n := range row {
			cells = append(cells, slices.Repeat([]uint8{uint8(i*len(row) + j)}, n)...)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(seed, uint64(len(cells))))
	all := make([]Confusion, draws)
	for d := range all {
		for range cells {
			cell := int(cells[rng.IntN(len(cells))])
			all[d][cell/len(c[0])][cell%len(c[0])]++
		}
	}
	return all
}

// Percentiles is the interval that holds 95 of 100 values; ok is false
// without values, which it puts in order.
func Percentiles(values []float64) (in Interval, ok bool) {
	if len(values) == 0 {
		return Interval{}, false
	}
	slices.Sort(values)
	at := func(q float64) float64 { return values[min(int(q*float64(len(values))), len(values)-1)] }
	return Interval{at(0.025), at(0.975)}, true
}
