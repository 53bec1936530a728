package measure

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// bins is how many groups of equal size confidences are compared in, as Kumar
// et al. do.
const bins = 15

// CalibrationError is how far the confidence in what was said lies from how
// often it was right, 0 to 1: the debiased estimate of the ℓ2 calibration
// error of the top label of Kumar, Liang and Ma, "Verified Uncertainty
// Calibration" (2019), over 15 bins of equal size. Since it squares before it
// averages, it is never under the absolute (ℓ1) error. Outcomes that are not
// Known have no confidence and are left out. ok is false with fewer than two
// outcomes a bin.
func CalibrationError(outcomes []Outcome) (e float64, ok bool) {
	points, _ := confidences(outcomes)
	square, ok := squared(points, nil)
	return math.Sqrt(max(0, square)), ok
}

// CalibrationInterval is the bootstrap interval of [CalibrationError]. Samples
// drawn from outcomes scatter once more than these do, and a square takes all
// scatter for error: the percentiles lie too high (of 100 such
// intervals 75 to 81 held what was true, simulated; of these 99 or more). So they are moved by what the mean of the samples is too high (bias-
// corrected, Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
// chapter 10), before the root is taken.
func CalibrationInterval(outcomes []Outcome, draws int, seed uint64) (in Interval, ok bool) {
	points, place := confidences(outcomes)
	square, ok := squared(points, nil)
	if !ok {
		return Interval{}, false
	}
	rng := rand.New(rand.NewPCG(seed, uint64(len(outcomes))))
	times := make([]int32, len(points))
	mean := 0.0
	var values []float64
	for range draws {
		clear(times)
		for range outcomes {
			if at := place[rng.IntN(len(outcomes))]; at >= 0 {
				times[at]++
			}
		}
		v, ok := squared(points, times)
		mean += v / float64(draws)
		if ok {
			values = append(values, v)
		}
	}
	raw, ok := Percentiles(values)
	back := func(v float64) float64 { return math.Sqrt(max(0, v-(mean-square))) }
	return Interval{back(raw.Low), back(raw.High)}, ok
}

// point is one outcome: how sure it was, and 1 when it was right.
type point struct{ confidence, right float64 }

// confidences are the points of the outcomes that are Known, the least sure
// first, and the place of each outcome among them, -1 when it has none.
func confidences(outcomes []Outcome) (points []point, place []int32) {
	place = make([]int32, len(outcomes))
	var order []int32
	at := func(i int32) point {
		o := &outcomes[i]
		p := point{confidence: o.P[o.Guess]}
		if o.Guess == o.Truth {
			p.right = 1
		}
		return p
	}
	for i, o := range outcomes {
		place[i] = -1
		if o.Known {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := at(i), at(j)
		return cmp.Or(cmp.Compare(a.confidence, b.confidence), cmp.Compare(a.right, b.right))
	})
	for n, i := range order {
		points = append(points, at(i))
		place[i] = int32(n)
	}
	return points, place
}

// squared is the square of the error, which is below 0 where the sample
// scatters less than chance. Each point is there so many times; nil means once.
func squared(points []point, times []int32) (square float64, ok bool) {
	count := func(i int) int {
		if times == nil {
			return 1
		}
		return int(times[i])
	}
	all := 0
	for i := range points {
		all += count(i)
	}
	if all < 2*bins {
		return 0, false
	}
	i, left := 0, count(0)
	for b := range bins {
		part := (b+1)*all/bins - b*all/bins
		n := float64(part)
		confidence, right := 0.0, 0.0
		for part > 0 {
			for left == 0 {
				i++
				left = count(i)
			}
			take := min(part, left)
			confidence += points[i].confidence * float64(take) / n
			right += points[i].right * float64(take) / n
			part, left = part-take, left-take
		}
		gap := confidence - right
		// The sample's own scatter would pass for a gap.
		square += n / float64(all) * (gap*gap - right*(1-right)/(n-1))
	}
	return square, true
}
