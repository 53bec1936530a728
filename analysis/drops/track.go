package drops

import "math"

// spans are the windows, in minutes.
var spans = [3]float64{5, 15, 60}

// The memory: half-lives in minutes, and how far behind the present what is
// learnt begins, so that a fall is not learnt while it is being found.
const (
	baseHalf, spreadHalf = 12 * 60, 24 * 60
	lag, driftLag        = 30, 60
)

var baseKeep, spreadKeep = math.Exp2(-1. / baseHalf), math.Exp2(-1. / spreadHalf)

// kind is what a track is of: a value for each mention that is less the worse
// it is, and the bounds of its variance and drift.
type kind struct {
	sum, squares       func(Minute) float64
	least, most, drift float64
}

var (
	netKind = kind{
		func(m Minute) float64 { return m.Positive - m.Negative },
		func(m Minute) float64 { return m.Positive + m.Negative }, 0.15, 1, 0.0004}
	// A move from neutral to negative is half as large in the net feeling, and as
	// large as it is in the share of negatives.
	negativeKind = kind{
		func(m Minute) float64 { return -m.Negative },
		func(m Minute) float64 { return m.Negative }, 0.05, 1, 0.0001}
)

// track is what is known of one value: exponentially weighted sums.
type track struct {
	Sum     float64     `json:"sum"` // of the value, the number and the square, 12 h, 30 minutes late
	N       float64     `json:"n"`
	Squares float64     `json:"squares"`
	Spread  float64     `json:"spread"` // of what minutes differ by beyond chance, and of what it is divided by, 24 h
	SpreadN float64     `json:"spread_n"`
	Drift   float64     `json:"drift"` // of what hours differ by beyond chance, 24 h, 60 minutes late
	DriftN  float64     `json:"drift_n"`
	Late    [60]float64 `json:"late"` // what the drift is still to learn, by minute mod 60; 0 is nothing
}

// view is a minute seen against a track.
type view struct {
	base     float64
	z        [3]float64 // deviations below the baseline over each window, 0 where nothing was said
	v        float64    // variance of one mention's value
	rho      float64    // correlation within a minute
	apart    float64    // squared distance of the last hour beyond chance
	heard    bool       // something was said in the last hour
	n, value float64    // of the minute, and its mean
}

// look compares the windows with the track.
//
// A window's mean has the variance v (1 + (N/w - 1) rho) / N, since mentions of
// the same minute agree more than strangers would (the design effect of Kish,
// "Survey Sampling", 1965), and the baseline itself wanders by the drift.
func (t *track) look(k kind, w [3]Minute, m Minute) (v view) {
	if t.N == 0 {
		return v
	}
	v.base = t.Sum / t.N
	v.v = clip(t.Squares/t.N-v.base*v.base, k.least, k.most)
	drift := k.drift
	if t.SpreadN > 0 {
		v.rho = clip(t.Spread/t.SpreadN, 0, 0.3)
	}
	if t.DriftN > 0 {
		drift = clip(t.Drift/t.DriftN, k.drift, 0.01)
	}
	for i, span := range spans {
		n := w[i].N()
		if n == 0 {
			continue
		}
		chance := v.v * (1 + max(0, n/span-1)*v.rho) / n
		below := v.base - k.sum(w[i])/n
		v.z[i] = below / math.Sqrt(chance+drift)
		if i == 2 {
			v.apart, v.heard = below*below-chance, true
		}
	}
	if v.n = m.N(); v.n > 0 {
		v.value = k.sum(m) / v.n
	}
	return v
}

// score is what a direction's windows and its cumulative sum say together; sign
// is 1 for falls and -1 for rises. Two windows must agree, the shorter by more;
// the sum finds what is small and lasts, and is none the surer for loudness.
func (v view) score(sign, sum, louder float64) float64 {
	z5, z15, z60 := sign*v.z[0], sign*v.z[1], sign*v.z[2]
	return max(max(min(z5+1, z15), min(z15+1, z60), z15)+louder, 2.2+sum/6)
}

// calm is what must have come down before an episode is over.
func (v view) calm(sign float64) float64 { return max(sign*v.z[1], sign*v.z[2]) }

// step is what the minute adds to the cumulative sum of Page, "Continuous
// Inspection Schemes" (1954), that looks for a fall of 0.15 beyond 0.02.
func (v view) step(sign float64) float64 {
	if v.n == 0 || v.v == 0 {
		return 0
	}
	const fall, slack = 0.15, 0.02
	variance := v.v * (1 + (v.n-1)*v.rho) / v.n
	return clip((fall*(sign*(v.base-v.value)-slack)-fall*fall/2)/variance, -3, 3)
}

// learn takes the present into the track, or only what is past while an episode
// is open: old is the minute that lies lag behind.
func (t *track) learn(k kind, number int64, old Minute, v view, open bool) {
	late := &t.Late[((number%60)+60)%60]
	apart := *late
	*late = 0
	if open {
		return
	}
	t.Sum, t.N, t.Squares = baseKeep*t.Sum+k.sum(old), baseKeep*t.N+old.N(), baseKeep*t.Squares+k.squares(old)
	if v.v == 0 {
		return // there was no baseline yet
	}
	if v.heard {
		*late = v.apart
	}
	if v.n > 0 {
		off := v.value - v.base
		t.Spread, t.SpreadN = spreadKeep*t.Spread+v.n*off*off/v.v-1, spreadKeep*t.SpreadN+v.n-1
	}
	if apart != 0 {
		t.Drift, t.DriftN = spreadKeep*t.Drift+apart, spreadKeep*t.DriftN+1
	}
}
