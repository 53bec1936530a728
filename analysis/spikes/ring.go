package spikes

import "math"

// ring holds the newest bins, the present one among them. A bin that was not
// heard is NaN.
type ring struct {
	last int64 // number of the newest
	held int   // how many, heard or not
	bins []float32
}

var deaf = float32(math.NaN())

// add takes the next bin; those between are deaf.
func (r *ring) add(number int64, x float64) {
	if r.bins == nil {
		r.bins = make([]float32, Kept+warm)
	}
	if r.held == 0 || number-r.last > int64(len(r.bins)) {
		r.held, r.last = 0, number-1
	}
	for r.last++; ; r.last++ {
		r.held = min(r.held+1, len(r.bins))
		if r.last == number {
			break
		}
		r.bins[r.at(r.last)] = deaf
	}
	r.bins[r.at(number)] = float32(x)
}

// set changes a bin that is held.
func (r *ring) set(number int64, x float64) {
	if number <= r.last && number > r.last-int64(r.held) {
		r.bins[r.at(number)] = float32(x)
	}
}

// at is where a number is kept.
func (r *ring) at(number int64) int {
	n := int64(len(r.bins))
	return int(((number % n) + n) % n)
}

// parts are the bins, oldest first.
func (r *ring) parts() [2][]float32 {
	if r.held == 0 {
		return [2][]float32{}
	}
	from, to := r.at(r.last-int64(r.held)+1), r.at(r.last)+1
	if from < to {
		return [2][]float32{r.bins[from:to]}
	}
	return [2][]float32{r.bins[from:], r.bins[:to]}
}
