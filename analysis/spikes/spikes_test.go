package spikes

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// quiet fills a detector with n bins of one to five mentions, from number 1 on,
// and wants it to stay quiet.
func quiet(t *testing.T, n int) *Detector {
	t.Helper()
	d, rng := new(Detector), rand.New(rand.NewPCG(1, 2))
	for i := range n {
		if f := d.Add(int64(i+1), float64(1+rng.IntN(5)), false); f.Call != Nobody {
			t.Fatalf("bin %d calls: %+v", i+1, f)
		}
	}
	return d
}

// Ten past bins of 0 and a present one of 8: no past average is as large, so
// each of the three ranks is log10(11); but ten bins are no past, so nothing is
// known.
func TestScore(t *testing.T) {
	d := new(Detector)
	for i := range Needs {
		if f := d.Add(int64(i), 0, false); f.Known || f.Score != 0 {
			t.Fatalf("known after %d bins: %+v", i, f)
		}
	}
	f := d.Add(Needs, 8, false)
	if want := math.Log10(Needs + 1); !f.Known || math.Abs(f.Score-want) > 1e-9 || f.Sum != 8 {
		t.Errorf("got %+v, want the score %.4f", f, want)
	}
	// The next bin of 0: its averages are smaller than the one before, and larger
	// than the 600 of nought: 2 of 602.
	f = d.Add(Needs+1, 0, false)
	if want := -math.Log10(2. / 602); math.Abs(f.Score-want) > 1e-9 || f.Sum != 8 {
		t.Errorf("got %+v, want the score %.4f", f, want)
	}
	if f = d.Add(Needs+5, 0, false); f.Sum != 8 {
		t.Errorf("bins that were not heard count as %+v: the last four heard hold 8", f)
	}
}

func TestEpisode(t *testing.T) {
	d := quiet(t, 2000)
	at := int64(2000)
	add := func(n float64) Finding { at++; return d.Add(at, n, false) }
	// Twenty minutes hold 12 on average, 20 at most: 25 with the five that are
	// added against 17 is 1.5 times the usual, and half as much again 2.2, which is
	// 32 mentions.
	f := add(40)
	if f.Call != Opened || !f.Open || f.Early || !f.Marked || f.Bar < 27 || f.Bar > 36 || f.Usual < 11 || f.Usual > 14 {
		t.Fatalf("a burst: %+v", f)
	}
	told := f.Sum
	for range 3 {
		f = add(10)
	}
	if f.Call != Nobody || f.Sum != 70 || f.Growth != 1 {
		t.Errorf("70 in twenty minutes against %v told: %+v", told, f)
	}
	if f = add(90); f.Call != Escalated || f.Marked || f.Growth != 120/told { // 120 > 1.5 times what was told
		t.Errorf("an escalation: %+v", f)
	}
	// Over for an hour: the sum falls under the bar with the fourth quiet bin, and
	// the twelfth after the last over it ends the episode.
	calls := []Call{}
	for range 15 {
		calls = append(calls, add(2).Call)
	}
	if want := append(slices.Repeat([]Call{Nobody}, 14), Over); !slices.Equal(calls, want) {
		t.Errorf("afterwards: %v", calls)
	}
}

func TestFewMentionsCallNobody(t *testing.T) {
	d := new(Detector)
	for i := range 1000 {
		d.Add(int64(i), 0, false)
	}
	if f := d.Add(1000, 9, false); f.Call != Nobody || !f.Marked {
		t.Errorf("nine mentions after silence: %+v", f)
	}
	if f := d.Add(1001, 1, false); f.Call != Opened {
		t.Errorf("ten: %+v", f)
	}
}

// The day after a breach there is no past yet.
func TestEarly(t *testing.T) {
	d := quiet(t, earlyBins+3)
	// Six hours of about 3 a bin, 12 in twenty minutes; 36 is three times that.
	if f := d.Add(earlyBins+4, 21, false); f.Call != Nobody {
		t.Errorf("%+v", f)
	}
	if f := d.Add(earlyBins+5, 40, false); f.Call != Opened || !f.Early || f.Known {
		t.Errorf("%+v", f)
	}
}

func TestLateBinsCallNobody(t *testing.T) {
	d := quiet(t, 2000)
	if f := d.Add(2001, 400, true); f.Call != Nobody || f.Open || f.Score < 2.9 {
		t.Errorf("%+v", f)
	}
	if f := d.Add(2001, 400, false); f != (Finding{}) {
		t.Errorf("told again: %+v", f)
	}
	if f := d.Add(1500, 400, false); f != (Finding{}) {
		t.Errorf("of the past: %+v", f)
	}
}

// What is corrected is as if it had been so from the beginning.
func TestCorrect(t *testing.T) {
	a, b := quiet(t, 1500), quiet(t, 1500)
	a.Correct(1400, 77)
	a.Correct(1501, 5) // still to come
	a.Correct(-1, 5)   // before the first
	b.past.bins[b.past.at(1400)] = 77
	if fa, fb := a.Add(1501, 12, false), b.Add(1501, 12, false); fa != fb {
		t.Errorf("got %+v, want %+v", fa, fb)
	}
	c := quiet(t, 700)
	c.Add(720, 3, false) // 19 bins were not heard
	c.Correct(710, 200)  // one was after all
	if f := c.Add(721, 30, false); f.Score > 2.7 {
		t.Errorf("less than the 200 before it: %+v", f)
	}
}

// A detector that is written out and read again at any time goes on as if
// nothing had been.
func TestRestart(t *testing.T) {
	one, two := new(Detector), new(Detector)
	rng := rand.New(rand.NewPCG(3, 4))
	calls, number := 0, int64(0)
	for i := range 4000 {
		number++
		if rng.IntN(50) == 0 {
			number += int64(rng.IntN(30)) // not heard
		}
		n := float64(rng.IntN(6))
		if i%600 > 575 {
			n *= 30
		}
		late := rng.IntN(100) == 0
		a, b := one.Add(number, n, late), two.Add(number, n, late)
		if a != b {
			t.Fatalf("bin %d: %+v, and after restarts %+v", number, a, b)
		}
		if a.Call != Nobody {
			calls++
		}
		if rng.IntN(40) == 0 {
			written, err := json.Marshal(two)
			if err != nil {
				t.Fatal(err)
			}
			two = new(Detector)
			if err := json.Unmarshal(written, two); err != nil {
				t.Fatal(err)
			}
			if len(written) > 20_000 {
				t.Fatalf("%d bytes", len(written))
			}
		}
	}
	if calls < 5 {
		t.Errorf("only %d calls were compared", calls)
	}
}

func TestLongestEpisode(t *testing.T) {
	d := quiet(t, 3000)
	var over int64
	for i := range int64(longest + 100) {
		if f := d.Add(3001+i, 500, false); f.Call == Over {
			over = i
		}
	}
	if over != longest || d.episode != nil {
		t.Errorf("over after %d bins, want %d; open %v", over, longest, d.episode != nil)
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte(`{"last":3,"bins":"AAEC"}`))
	f.Add([]byte(`{"last":-3,"bins":"gP8="}`))
	f.Add([]byte(`{"last":9,"bins":"AA==","episode":{"since":4}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Detector
		if json.Unmarshal(b, &d) != nil {
			return
		}
		last, _ := d.Last()
		d.Add(last+1, 3, false)
	})
}

func BenchmarkAdd(b *testing.B) {
	d := new(Detector)
	for i := range Kept + warm {
		d.Add(int64(i), float64(i%7), false)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Add(int64(Kept+warm+i), float64(i%7), false)
	}
}

func ExampleDetector() {
	var d Detector
	for bin := range int64(4000) { // two weeks of one to three mentions in five minutes
		d.Add(bin, float64(1+bin%3), false)
	}
	f := d.Add(4000, 60, false)
	fmt.Printf("%s: %.0f mentions in twenty minutes, score %.1f\n", f.Call, f.Sum, f.Score)
	// Output: opened: 66 mentions in twenty minutes, score 3.6
}
