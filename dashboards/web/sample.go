package web

import (
	"confianza/analysis/shares"
)

// sample is what was said in some stretch of time, with what it takes to tell
// how far its shares may be off. Its cells are the hours that hold a scored
// mention.
type sample struct {
	tally
	negatives, positives float64 // sums over the cells of k²/n, for [shares.Dispersion]
	cells                int
}

// hour is the sample of one hour, or of part of one.
func hour(t tally) sample {
	s := sample{tally: t}
	if n := float64(t.Scored()); n > 0 {
		k, p := float64(t.Negative), float64(t.Positive)
		s.cells, s.negatives, s.positives = 1, k*k/n, p*p/n
	}
	return s
}

// and joins two samples that have no hour in common.
func (s sample) and(o sample) sample {
	s.Negative += o.Negative
	s.Neutral += o.Neutral
	s.Positive += o.Positive
	s.Unknown += o.Unknown
	s.cells, s.negatives, s.positives = s.cells+o.cells, s.negatives+o.negatives, s.positives+o.positives
	return s
}

// share estimates the share of negatives among the scored, 0 to 1.
func (s sample) share() shares.Estimate {
	k, n := float64(s.Negative), float64(s.Scored())
	d := shares.Dispersion(s.negatives, k, n, s.cells)
	return shares.Share(k/d, n/d)
}

// net estimates net sentiment, -1 to 1. The mentions are worth as many as they
// are for the share that varies more between hours.
func (s sample) net() shares.Estimate {
	n, k, p := float64(s.Scored()), float64(s.Negative), float64(s.Positive)
	d := max(shares.Dispersion(s.negatives, k, n, s.cells), shares.Dispersion(s.positives, p, n, s.cells))
	return shares.Net(p/d, k/d, n/d)
}
