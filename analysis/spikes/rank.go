package spikes

import (
	"math"
	"slices"
)

// A burst is looked for at three speeds at once, by averages whose weights
// halve every 15, 30 and 60 minutes: the first bin of a burst weighs most, and
// one loud bin among quiet ones little. One speed alone does as well at its
// best, and worse a little beside it.
var halving = [3]float64{math.Exp2(-1 / 3.), math.Exp2(-1 / 6.), math.Exp2(-1 / 12.)}

// view is the newest bin seen against its past.
type view struct {
	sum    float64 // of the last four bins heard
	score  float64 // see [Finding]
	known  bool    // the past is long enough
	usual  float64 // mean sum at this time of the day
	factor float64 // how many times the usual makes somebody be called; 0 where the sum is far from it
	before float64 // mean sum over the hour or the six hours before these twenty minutes, whichever is more; 0 until there are that many
}

// rows are the bins that were heard, oldest first, as they are compared.
type rows struct {
	averages [len(halving)][Kept + warm]float32
	sums     [Kept + warm]float32 // of four bins
	bins     [Kept + warm]float32
	clock    [Kept + warm]int16 // time of the day in bins
	n        int
}

// look ranks the newest bin.
//
// The score is the mean over the three averages of -log10((k + 1) / (n + 1)),
// where k of the n past values are as large as the present one or larger: the
// empirical p-value of Davison and Hinkley, "Bootstrap Methods and Their
// Application" (1997), section 4.2. It is taken before the present joins the
// past.
func (r *ring) look() view {
	var w rows
	w.read(r)
	if w.n == 0 {
		return view{}
	}
	last := w.n - 1 // the newest is not of the past
	first := max(0, last-Kept)
	v := view{sum: float64(w.sums[last]), known: last-first >= Needs}
	if v.known {
		for i := range w.averages {
			larger := count(w.averages[i][first:last], w.averages[i][last])
			v.score -= math.Log10(float64(larger+1)/float64(last-first+1)) / float64(len(halving))
		}
		w.compare(&v, first, last)
	}
	if last+1 >= 4+earlyBins {
		v.before = max(mean(w.bins[last+1-4-earlyBins:last+1-4]), mean(w.bins[last+1-4-12:last+1-4])) * 4
	}
	return v
}

// read goes through the bins once.
func (w *rows) read(r *ring) {
	var fast, middle, slow float64
	var a, b, c float32 // the three bins before
	clock := int16(r.last - int64(r.held) + 1 - floorDay(r.last-int64(r.held)+1))
	for _, part := range r.parts() {
		for _, x := range part {
			now := clock
			if clock++; clock == day {
				clock = 0
			}
			if x != x {
				continue // not heard
			}
			fast, middle, slow = halving[0]*fast+float64(x), halving[1]*middle+float64(x), halving[2]*slow+float64(x)
			w.averages[0][w.n], w.averages[1][w.n], w.averages[2][w.n] = float32(fast), float32(middle), float32(slow)
			w.bins[w.n], w.sums[w.n], w.clock[w.n] = x, a+b+c+x, now
			a, b, c = b, c, x
			w.n++
		}
	}
}

// count is how many values are as large as a bound, or larger.
func count(values []float32, bound float32) (n int) {
	for _, v := range values {
		if v >= bound {
			n++
		}
	}
	return n
}

func mean(values []float32) (m float64) {
	for _, v := range values {
		m += float64(v) / float64(len(values))
	}
	return m
}

// percentile99 is the value that one in a hundred exceeds.
func percentile99(values []float32) float64 {
	s := slices.Clone(values)
	slices.Sort(s)
	return float64(s[len(s)-1-len(s)/100])
}
