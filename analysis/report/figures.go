package report

import (
	"math"

	"confianza/analysis/shares"
)

// Figures is what is said of some mentions. Shares are of the scored, that is
// of those that are not unknown.
type Figures struct {
	Mentions int64     `json:"mentions"`
	Negative int64     `json:"negative"`
	Neutral  int64     `json:"neutral"`
	Positive int64     `json:"positive"`
	Unknown  int64     `json:"unknown"`
	Shares   *Shares   `json:"shares"` // nil when none is scored
	Net      *Interval `json:"net"`    // positive less negative share, points of -100 to 100; nil as Shares
}

// Shares are of 0 to 1.
type Shares struct {
	Negative Interval `json:"negative"`
	Neutral  Interval `json:"neutral"`
	Positive Interval `json:"positive"`
}

// Interval is a value with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func figure(counts []Count) (f Figures) {
	for _, c := range counts {
		f.Negative += c.Negative
		f.Neutral += c.Neutral
		f.Positive += c.Positive
		f.Unknown += c.Unknown
	}
	f.Mentions = f.scored() + f.Unknown
	if f.scored() == 0 {
		return f
	}
	n := float64(f.scored())
	share := func(k int64) Interval { return interval(shares.Share(float64(k), n), 1, 4) }
	f.Shares = &Shares{share(f.Negative), share(f.Neutral), share(f.Positive)}
	net := interval(f.net(), 100, 2)
	f.Net = &net
	return f
}

func (f Figures) scored() int64 { return f.Negative + f.Neutral + f.Positive }

// net is of -1 to 1, and not rounded.
func (f Figures) net() shares.Estimate {
	return shares.Net(float64(f.Positive), float64(f.Negative), float64(f.scored()))
}

// interval takes an estimate to another unit, rounded to so many decimals.
func interval(e shares.Estimate, unit float64, decimals int) Interval {
	return Interval{round(unit*e.Value, decimals), round(unit*e.Low, decimals), round(unit*e.High, decimals)}
}

func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale)/scale + 0 // no -0
}
