package measure

import (
	"math/rand/v2"
	"slices"
)

// Interval is where a figure lies 95 times of 100 when other texts of the
// same kind had been drawn.
type Interval struct{ Low, High float64 }

// Bootstrap gives the percentile interval of a figure (Efron 1979) from draws
// samples with replacement. The same seed gives the same interval. Samples in
// which the figure is not defined are left out; ok is false when all are.
func Bootstrap(outcomes []Outcome, figure func([]Outcome) (float64, bool), draws int, seed uint64) (in Interval, ok bool) {
	rng := rand.New(rand.NewPCG(seed, uint64(len(outcomes))))
	sample := make([]Outcome, len(outcomes))
	var values []float64
	for range draws {
		for i := range sample {
			sample[i] = outcomes[rng.IntN(len(outcomes))]
		}
		if v, ok := figure(sample); ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return Interval{}, false
	}
	slices.Sort(values)
	at := func(q float64) float64 { return values[min(int(q*float64(len(values))), len(values)-1)] }
	return Interval{at(0.025), at(0.975)}, true
}
