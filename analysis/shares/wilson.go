package shares

import "math"

// z95 is the 97.5th percentile of the normal distribution: intervals are of 95 %.
const z95 = 1.959963984540054

// Estimate is a value with its 95 % interval, in the value's unit.
type Estimate struct{ Value, Low, High float64 }

// Share estimates the share of which k among n independent mentions are a
// sample: both in mentions, the share 0 to 1. The interval is Wilson's, "Probable
// inference, the law of succession, and statistical inference" (1927), which
// stays within 0 to 1 and holds for few mentions too. Without any, nothing is
// known: the interval is all of it.
func Share(k, n float64) Estimate {
	if n <= 0 {
		return Estimate{0, 0, 1}
	}
	p, z2 := k/n, z95*z95
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	return Estimate{p, min(p, max(0, middle-half)), max(p, min(1, middle+half))}
}

// Net estimates the share of positive less that of negative among n mentions,
// -1 to 1. The interval is put together from the two shares' own by MOVER: Zou
// and Donner, "Construction of confidence limits about effect measures" (2008),
// with the correlation that two shares of one sample have.
func Net(positive, negative, n float64) Estimate {
	if n <= 0 {
		return Estimate{0, -1, 1}
	}
	p, q := Share(positive, n), Share(negative, n)
	correlation := 0.0
	if v := p.Value * q.Value; v > 0 {
		correlation = -math.Sqrt(v / ((1 - p.Value) * (1 - q.Value)))
		if p.Value+q.Value == 1 { // rounding must not make it less
			correlation = -1
		}
	}
	return difference(p, q, correlation)
}

// Difference estimates a less b, of samples that have nothing in common; MOVER
// as in [Net].
func Difference(a, b Estimate) Estimate { return difference(a, b, 0) }

func difference(a, b Estimate, correlation float64) Estimate {
	reach := func(x, y float64) float64 { return math.Sqrt(max(0, x*x+y*y-2*correlation*x*y)) }
	d := a.Value - b.Value
	return Estimate{d, d - reach(a.Value-a.Low, b.High-b.Value), d + reach(a.High-a.Value, b.Value-b.Low)}
}
