package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-7 }

func TestConfusion(t *testing.T) {
	tests := []struct {
		name       string
		c          Confusion
		f1, recall float64
		ok         bool
	}{
		{"nothing", Confusion{}, 0, 0, false},
		{"all right", Confusion{{2, 0, 0, 0}, {0, 3, 0, 0}, {0, 0, 4, 0}}, 1, 1, true},
		// Negative: 4 of 6 true, 5 said: F1 8/11. Neutral: 3 of 4, 4 said: 6/8. Positive: 1 of 2, 2 said: 2/4.
		{"mixed", Confusion{{4, 1, 1, 0}, {1, 3, 0, 0}, {0, 0, 1, 1}}, (8.0/11 + 0.75 + 0.5) / 3, (4.0/6 + 0.75 + 0.5) / 3, true},
		{"cannot tell is an error", Confusion{{0, 0, 0, 2}, {0, 0, 0, 2}, {0, 0, 0, 2}}, 0, 0, true},
		{"a class that nobody has or says", Confusion{{1, 0, 0, 0}, {0, 1, 0, 0}, {}}, 1, 1, true},
	}
	for _, tt := range tests {
		f1, ok := tt.c.MacroF1()
		recall, ok2 := tt.c.MacroRecall()
		if !near(f1, tt.f1) || !near(recall, tt.recall) || ok != tt.ok || ok2 != tt.ok {
			t.Errorf("%s: F1 %v, recall %v, %v; want %v, %v, %v", tt.name, f1, recall, ok, tt.f1, tt.recall, tt.ok)
		}
	}
	if n := tests[2].c.Unknown(); n != 1 {
		t.Errorf("%d unknown, want 1", n)
	}
}

// Of eight that are known three are negative and two are said to be; the two
// others are left out.
func TestShares(t *testing.T) {
	truly, said, ok := Confusion{{1, 2, 0, 2}, {0, 4, 0, 0}, {1, 0, 0, 0}}.Shares(0)
	if truly != 3.0/8 || said != 2.0/8 || !ok {
		t.Errorf("got %v, %v, %v; want 3/8, 2/8", truly, said, ok)
	}
	if _, _, ok := (Confusion{{0, 0, 0, 5}}).Shares(0); ok {
		t.Error("shares of nothing")
	}
}

func TestForced(t *testing.T) {
	none := Outcome{Truth: 2}
	leaning := Outcome{Truth: 2, P: [3]float64{0.2, 0.3, 0.5}, Guess: 2}
	c := Count([]Outcome{none, leaning})
	if c[2] != [4]int{0, 0, 0, 2} {
		t.Errorf("unforced: %v", c)
	}
	if c := Count([]Outcome{none.Forced(), leaning.Forced()}); c[2] != [4]int{0, 1, 1, 0} {
		t.Errorf("forced: %v", c)
	}
}

// said makes n outcomes of one confidence of which right are right.
func said(confidence float64, n, right int) (all []Outcome) {
	rest := (1 - confidence) / 2
	for i := range n {
		o := Outcome{Known: true, Guess: 0, Truth: 1, P: [3]float64{confidence, rest, rest}}
		if i < right {
			o.Truth = 0
		}
		all = append(all, o)
	}
	return all
}

func TestCalibrationError(t *testing.T) {
	// Fifteen bins of 20 outcomes, each bin of one confidence and share of right ones.
	uniform := func(confidence float64, right int) (all []Outcome) {
		for range bins {
			all = append(all, said(confidence, 20, right)...)
		}
		return all
	}
	// Equal confidences are sorted by rightness, so a uniform set fills whole bins with wrong or right ones; distinct
	// confidences keep the bins as they are made.
	var steps []Outcome
	want := 0.0
	for b := range bins {
		confidence := 0.4 + 0.04*float64(b)
		steps = append(steps, said(confidence, 20, 15)...)
		gap := confidence - 0.75
		want += (gap*gap - 0.75*0.25/19) / bins
	}
	tests := []struct {
		name string
		all  []Outcome
		want float64
		ok   bool
	}{
		{"too few", said(0.5, 29, 10), 0, false},
		{"sure and right", uniform(1, 20), 0, true},
		{"sure and wrong", uniform(1, 0), 1, true},
		{"by hand", steps, math.Sqrt(want), true},
	}
	for _, tt := range tests {
		if got, ok := CalibrationError(tt.all); !near(got, tt.want) || ok != tt.ok {
			t.Errorf("%s: got %v, %v; want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestDrawn(t *testing.T) {
	half := Confusion{{200, 0, 0, 0}, {200, 0, 0, 0}}
	// Of 400 drawn, the share right has standard deviation √(.25/400) = 0.025; macro recall is the mean of 1 (all that are
	// true negatives are said so) and 0, whatever is drawn.
	var recalls, shares []float64
	for _, c := range half.Drawn(2000, 1) {
		recall, _ := c.MacroRecall()
		recalls = append(recalls, recall)
		shares = append(shares, float64(c[0][0])/400)
		if c[0][0]+c[1][0] != 400 {
			t.Fatalf("drew %v, want 400 texts of the same two cells", c)
		}
	}
	if in, ok := Percentiles(recalls); !ok || in != (Interval{0.5, 0.5}) {
		t.Errorf("got %v, %v", in, ok)
	}
	if in, ok := Percentiles(shares); !ok || math.Abs(in.Low-0.451) > 0.01 || math.Abs(in.High-0.549) > 0.01 {
		t.Errorf("got %v, want about 0.5 ± 1.96 × 0.025", in)
	}
	if !slices.Equal(half.Drawn(20, 1), half.Drawn(20, 1)) {
		t.Error("the same seed draws something else")
	}
	if drawn := (Confusion{}).Drawn(10, 1); drawn != nil {
		t.Errorf("of nothing %v was drawn", drawn)
	}
	if _, ok := Percentiles(nil); ok {
		t.Error("an interval of nothing")
	}
}

// Outcomes that are drawn several times count as often: two of each are what
// one of each is, but for the scatter that is taken off.
func TestSquaredTimes(t *testing.T) {
	points, place := confidences(append(said(0.7, 60, 30), Outcome{}))
	if len(points) != 60 || place[60] != -1 {
		t.Fatalf("%d points, the unknown one at %d", len(points), place[60])
	}
	doubled, ok := squared(slices.Concat(points[:30], points[:30], points[30:], points[30:]), nil)
	times, ok2 := squared(points, slices.Repeat([]int32{2}, 60))
	if !ok || !ok2 || !near(doubled, times) {
		t.Errorf("got %v, %v; want both the same", doubled, times)
	}
	if _, ok := squared(points, make([]int32, 60)); ok {
		t.Error("an error of nothing")
	}
}

func ExampleConfusion_MacroF1() {
	c := Count([]Outcome{
		{Truth: 0, Known: true, Guess: 0, P: [3]float64{1, 0, 0}},
		{Truth: 2, Known: true, Guess: 0, P: [3]float64{1, 0, 0}},
	})
	f1, _ := c.MacroF1()
	fmt.Printf("%.3f\n", f1) // negative 2/3, positive 0
	// Output: 0.333
}

// Of 50 samples of a classifier that is sure by 0.05 too much, the interval
// holds 0.05 in at least 47. Plain percentiles do in 43, and of 100 in 75 to
// 81, whatever the error is.
func TestCalibrationInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	held := 0
	for range 50 {
		var outcomes []Outcome
		for range 600 {
			o := Outcome{Known: true, Guess: 2}
			o.P[2] = 0.45 + 0.5*rng.Float64()
			if rng.Float64() < o.P[2]-0.05 {
				o.Truth = 2
			}
			outcomes = append(outcomes, o)
		}
		in, ok := CalibrationInterval(outcomes, 200, 1)
		if !ok || in.Low > in.High {
			t.Fatalf("got %v, %v", in, ok)
		}
		if in.Low <= 0.05 && 0.05 <= in.High {
			held++
		}
	}
	if held < 47 {
		t.Errorf("the interval holds what is true in %d of 50 samples", held)
	}
	if _, ok := CalibrationInterval(nil, 10, 1); ok {
		t.Error("an interval of nothing")
	}
}
