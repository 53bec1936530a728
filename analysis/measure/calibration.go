package measure

import (
	"cmp"
	"math"
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
	square, ok := squaredCalibration(outcomes)
	return math.Sqrt(max(0, square)), ok
}

// CalibrationInterval is the bootstrap interval of [CalibrationError]. Samples
// drawn from outcomes scatter once more than these do, and a square takes all
// scatter for error: the percentiles lie too high (of 100 such
// intervals 75 to 81 held what was true, simulated; of these 99 or more). So they are moved by what the mean of the samples is too high (bias-
// corrected, Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
// chapter 10), before the root is taken.
func CalibrationInterval(outcomes []Outcome, draws int, seed uint64) (in Interval, ok bool) {
	square, ok := squaredCalibration(outcomes)
	if !ok {
		return Interval{}, false
	}
	mean := 0.0
	raw, ok := Bootstrap(outcomes, func(sample []Outcome) (float64, bool) {
		v, ok := squaredCalibration(sample)
		mean += v / float64(draws)
		return v, ok
	}, draws, seed)
	back := func(v float64) float64 { return math.Sqrt(max(0, v-(mean-square))) }
	return Interval{back(raw.Low), back(raw.High)}, ok
}

// squaredCalibration is the square of the error, which is below 0 where the
// sample scatters less than chance.
func squaredCalibration(outcomes []Outcome) (square float64, ok bool) {
	type point struct{ confidence, right float64 }
	var points []point
	for _, o := range outcomes {
		if !o.Known {
			continue
		}
		p := point{confidence: o.P[o.Guess]}
		if o.Guess == o.Truth {
			p.right = 1
		}
		points = append(points, p)
	}
	if len(points) < 2*bins {
		return 0, false
	}
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.confidence, b.confidence), cmp.Compare(a.right, b.right))
	})
	for b := range bins {
		part := points[b*len(points)/bins : (b+1)*len(points)/bins]
		n := float64(len(part))
		confidence, right := 0.0, 0.0
		for _, p := range part {
			confidence += p.confidence / n
			right += p.right / n
		}
		gap := confidence - right
		// The sample's own scatter would pass for a gap.
		square += n / float64(len(points)) * (gap*gap - right*(1-right)/(n-1))
	}
	return square, true
}
