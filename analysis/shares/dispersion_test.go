package shares

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDispersion(t *testing.T) {
	for _, tt := range []struct {
		name string
		k, n []float64
		want float64
	}{
		// Six cells of 10, half of 60 in all: 5 cells' worth of (5²/10)/(.5·.5) each way, 6·10/5 = 12.
		{"all or nothing", []float64{10, 0, 10, 0, 10, 0}, []float64{10, 10, 10, 10, 10, 10}, 12},
		{"evener than chance", []float64{5, 5, 5, 5, 5, 5}, []float64{10, 10, 10, 10, 10, 10}, 1},
		{"too few cells", []float64{10, 0, 10, 0, 10}, []float64{10, 10, 10, 10, 10}, 1},
		{"none", []float64{0, 0, 0, 0, 0, 0}, []float64{10, 10, 10, 10, 10, 10}, 1},
		{"all", []float64{9, 9, 9, 9, 9, 9}, []float64{9, 9, 9, 9, 9, 9}, 1},
	} {
		if got := dispersionOf(tt.k, tt.n); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Where hours differ by more than chance, intervals of independent mentions miss
// the truth far too often, and those with the dispersion do not.
func TestIntervalsCoverWhereHoursDiffer(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	plain, wide := 0, 0
	const runs = 500
	for range runs {
		var ks, ns []float64
		k, n := 0.0, 0.0
		for range 24 {
			p, hour := min(max(0.3+0.12*r.NormFloat64(), 0), 1), 0.0
			for range 40 {
				if r.Float64() < p {
					hour++
				}
			}
			ks, ns, k, n = append(ks, hour), append(ns, 40), k+hour, n+40
		}
		if e := Share(k, n); e.Low <= 0.3 && 0.3 <= e.High {
			plain++
		}
		d := dispersionOf(ks, ns)
		if e := Share(k/d, n/d); e.Low <= 0.3 && 0.3 <= e.High {
			wide++
		}
	}
	if plain > runs*85/100 || wide < runs*91/100 {
		t.Errorf("of %d intervals %d cover as if independent (want at most 85 %%), %d with the dispersion (want at least 91 %%)", runs, plain, wide)
	}
}

func dispersionOf(k, n []float64) float64 {
	squares, sumK, sumN := 0.0, 0.0, 0.0
	for i := range k {
		squares, sumK, sumN = squares+k[i]*k[i]/n[i], sumK+k[i], sumN+n[i]
	}
	return Dispersion(squares, sumK, sumN, len(k))
}
