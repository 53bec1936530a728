package shares

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(got, want float64) bool { return math.Abs(got-want) < 0.00005 }

// The intervals that Newcombe, "Two-sided confidence intervals for the single
// proportion" (1998), prints for Wilson's method in his table I.
func TestShareAsPublished(t *testing.T) {
	for _, tt := range []struct{ k, n, low, high float64 }{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		got := Share(tt.k, tt.n)
		if !near(got.Value, tt.k/tt.n) || !near(got.Low, tt.low) || !near(got.High, tt.high) {
			t.Errorf("%v of %v: got %+v, want %v to %v", tt.k, tt.n, got, tt.low, tt.high)
		}
	}
}

// Method 10 of Newcombe, "Interval estimation for the difference between
// independent proportions" (1998): 56/70 less 48/80.
func TestDifferenceAsPublished(t *testing.T) {
	got := Difference(Share(56, 70), Share(48, 80))
	if !near(got.Value, 0.2) || !near(got.Low, 0.0524) || !near(got.High, 0.3339) {
		t.Errorf("got %+v, want 0.2 from 0.0524 to 0.3339", got)
	}
}

func TestNothingIsKnownOfNone(t *testing.T) {
	if got := Share(0, 0); got != (Estimate{0, 0, 1}) {
		t.Errorf("share: got %+v", got)
	}
	if got := Net(0, 0, 0); got != (Estimate{0, -1, 1}) {
		t.Errorf("net: got %+v", got)
	}
}

func TestNetAtTheEdges(t *testing.T) {
	for name, tt := range map[string]struct{ positive, negative, n, value float64 }{
		"all positive": {10, 0, 10, 1},
		"all negative": {0, 10, 10, -1},
		"all neutral":  {0, 0, 10, 0},
		"no neutral":   {5, 5, 10, 0},
		"one":          {1, 0, 1, 1},
	} {
		got := Net(tt.positive, tt.negative, tt.n)
		if got.Value != tt.value || got.Low < -1 || got.High > 1 || got.High-got.Low < 0.1 || got.Low > got.Value || got.High < got.Value {
			t.Errorf("%s: got %+v, want around %v, within -1 to 1, with a width", name, got, tt.value)
		}
	}
}

// An interval of 95 % holds the truth in about 95 % of samples: of the net, and
// of the difference of two nets, in worlds of every shape.
func TestNetHoldsTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(positive, negative float64, n int) Estimate {
		var p, q float64
		for range n {
			switch x := r.Float64(); {
			case x < positive:
				p++
			case x < positive+negative:
				q++
			}
		}
		return Net(p, q, float64(n))
	}
	const rounds = 2000
	for _, tt := range []struct {
		positive, negative float64
		n                  int
	}{{0.2, 0.3, 30}, {0.2, 0.3, 300}, {0.02, 0.9, 50}, {0.5, 0.5, 100}, {0.01, 0.01, 100}, {0.1, 0.1, 1000}} {
		held, both := 0, 0
		for range rounds {
			a, b := draw(tt.positive, tt.negative, tt.n), draw(0.3, 0.4, 80)
			if truth := tt.positive - tt.negative; a.Low <= truth && truth <= a.High {
				held++
			}
			truth := tt.positive - tt.negative + 0.1
			if d := Difference(a, b); d.Low <= truth && truth <= d.High {
				both++
			}
		}
		for what, n := range map[string]int{"net": held, "difference": both} {
			if share := float64(n) / rounds; share < 0.93 || share > 0.999 { // rare signs: too wide rather than too narrow
				t.Errorf("%+v: %s held in %.3f of the samples", tt, what, share)
			}
		}
	}
}
