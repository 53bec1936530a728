package synth

import (
	"math"
	"math/rand/v2"
)

// Talk is made-up talk about a brand, minute by minute: how much is said, and
// with what feeling. The same talk is the same each time it is heard.
//
// How much: a Poisson number around a mean that follows the day and the week,
// and a wandering mood that makes hours differ by more than chance. With what
// feeling: shares that drift over days, and differ from minute to minute, since
// people answer each other.
type Talk struct {
	Rate   float64 // mentions a minute, on average
	Seed   uint64
	Calm   bool    // neither rhythm, mood nor drift: chance alone
	Events []Event // on top
}

// Event is something that happens to a brand.
type Event struct {
	From, Minutes int     // when it begins, counted from the first minute, and how long it lasts
	Times         float64 // mentions for each there would be; 0 is 1
	Shift         float64 // added to the net feeling, positive minus negative share
	FromNeutral   bool    // the shift takes from the neutral only, and the positive stay
}

// Minute is a minute of talk.
type Minute struct{ Positive, Neutral, Negative int }

// N is how many mentions it has.
func (m Minute) N() int { return m.Positive + m.Neutral + m.Negative }

// What quiet talk is like. The mood and the drift are first-order processes
// with these deviations, forgotten by 1/e after so many minutes.
const (
	daily, weekly        = 0.7, 0.25 // how far the rhythm goes up and down
	moodSD, moodLength   = 0.3, 40
	driftSD, driftLength = 0.04, 1440
	fastSD               = 0.10 // of a minute's net feeling, from minute to minute
	positive, negative   = 0.25, 0.30
)

// Each calls f with the first minutes of the talk, in order, until it returns
// false.
func (t Talk) Each(minutes int, f func(minute int, m Minute) bool) {
	rng := rand.New(rand.NewPCG(t.Seed, 0x7a1c))
	mood, drift := wander{sd: moodSD, length: moodLength}, wander{sd: driftSD, length: driftLength}
	phase := t.phase()
	mood.begin(rng)
	drift.begin(rng)
	for i := range minutes {
		rate, net, neutral := t.Rate, 0.0, false
		m, d, fast := mood.next(rng), drift.next(rng), fastSD*rng.NormFloat64()
		if !t.Calm {
			rate *= t.rhythm(float64(i)+phase) * math.Exp(m-moodSD*moodSD/2)
			net = d + fast
		}
		shift := 0.0
		for _, e := range t.Events {
			if i >= e.From && i < e.From+e.Minutes {
				if e.Times > 0 {
					rate *= e.Times
				}
				shift, neutral = shift+e.Shift, neutral || e.FromNeutral
			}
		}
		if !f(i, said(rng, poisson(rng, rate), net, shift, neutral)) {
			return
		}
	}
}

// Usual is the mean number of mentions of a minute, whatever the mood.
func (t Talk) Usual(minute int) float64 {
	if t.Calm {
		return t.Rate
	}
	return t.Rate * t.rhythm(float64(minute)+t.phase())
}

// phase is the time of the day, in minutes, that the talk begins at.
func (t Talk) phase() float64 { return rand.New(rand.NewPCG(t.Seed, 0xda4)).Float64() * 1440 }

// rhythm is how much more is said at a time than on average.
func (Talk) rhythm(at float64) float64 {
	return (1 + daily*math.Sin(2*math.Pi*at/1440)) * (1 + weekly*math.Sin(2*math.Pi*at/10080))
}

// said gives n mentions their feelings.
func said(rng *rand.Rand, n int, net, shift float64, fromNeutral bool) (m Minute) {
	up, down := (net+shift)/2, -(net+shift)/2
	if fromNeutral {
		up, down = net/2, -net/2-shift
	}
	pos := min(max(positive+up, 0.01), 0.98)
	neg := min(max(negative+down, 0.01), 0.99-pos)
	for range n {
		switch u := rng.Float64(); {
		case u < pos:
			m.Positive++
		case u < pos+neg:
			m.Negative++
		default:
			m.Neutral++
		}
	}
	return m
}

// wander is a first-order autoregressive process around nought.
type wander struct{ sd, length, at float64 }

func (w *wander) begin(rng *rand.Rand) { w.at = w.sd * rng.NormFloat64() }

func (w *wander) next(rng *rand.Rand) float64 {
	a := math.Exp(-1 / w.length)
	w.at = a*w.at + w.sd*math.Sqrt(1-a*a)*rng.NormFloat64()
	return w.at
}

// poisson draws a number with a mean; above 60 from the normal distribution,
// which is then within half a percent of it.
func poisson(rng *rand.Rand, mean float64) int {
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
	}
	n, p, bound := 0, rng.Float64(), math.Exp(-mean)
	for p > bound {
		p *= rng.Float64()
		n++
	}
	return n
}
