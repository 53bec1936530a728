package drops

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// listen tells a detector of minutes of n mentions each, with these shares, by
// chance; number is of the first.
func listen(d *Detector, rng *rand.Rand, number int64, minutes, n int, positive, negative float64) (calls map[Call]int64, notices map[Call]int64) {
	calls, notices = map[Call]int64{}, map[Call]int64{}
	for i := range int64(minutes) {
		f := d.Add(number+i, drawn(rng, n, positive, negative), false)
		if _, ok := calls[f.Call]; !ok {
			calls[f.Call] = i
		}
		if _, ok := notices[f.Notice]; !ok {
			notices[f.Notice] = i
		}
	}
	return calls, notices
}

func drawn(rng *rand.Rand, n int, positive, negative float64) (m Minute) {
	for range n {
		switch u := rng.Float64(); {
		case u < positive:
			m.Positive++
		case u < positive+negative:
			m.Negative++
		default:
			m.Neutral++
		}
	}
	return m
}

func day(t *testing.T) (*Detector, *rand.Rand) {
	t.Helper()
	d, rng := new(Detector), rand.New(rand.NewPCG(1, 7))
	if calls, notices := listen(d, rng, 1, 3000, 10, 0.3, 0.3); len(calls) != 1 || len(notices) != 1 {
		t.Fatalf("two quiet days call %v and notice %v", calls, notices)
	}
	return d, rng
}

// Thirty points fewer of ten mentions a minute: within a quarter of an hour
// 150 mentions have a deviation of 0.06, so that 0.3 is five of them.
func TestFall(t *testing.T) {
	d, rng := day(t)
	calls, notices := listen(d, rng, 3001, 180, 10, 0.15, 0.45)
	if at, ok := calls[Opened]; !ok || at > 15 || len(notices) != 1 {
		t.Fatalf("calls %v, notices %v", calls, notices)
	}
	if _, over := calls[Over]; over || d.s.Drop.Episode == nil {
		t.Error("over while it lasts")
	}
	// Back to what it was: the hour's window needs an hour to forget, and calm
	// lasts an hour.
	calls, _ = listen(d, rng, 3181, 180, 10, 0.3, 0.3)
	if at, ok := calls[Over]; !ok || at < calm {
		t.Errorf("over after %v minutes", at)
	}
	// And it does not call again within six hours, whatever is said.
	for number := int64(3361); ; number++ {
		if f := d.Add(number, drawn(rng, 20, 0, 0.9), false); f.Call == Opened {
			if number-d.s.Drop.Told != 0 || number < 3001+silent || number > 3021+silent {
				t.Errorf("again in minute %d", number)
			}
			break
		}
	}
}

func TestRise(t *testing.T) {
	d, rng := day(t)
	calls, notices := listen(d, rng, 3001, 60, 10, 0.45, 0.15)
	if at, ok := notices[Opened]; !ok || at > 20 || len(calls) != 1 {
		t.Errorf("calls %v, notices %v", calls, notices)
	}
}

// A move from neutral to negative leaves the positive as they are: the share of
// negatives finds it.
func TestFromNeutralToNegative(t *testing.T) {
	d, rng := day(t)
	calls, _ := listen(d, rng, 3001, 60, 30, 0.3, 0.5)
	if at, ok := calls[Opened]; !ok || at > 12 {
		t.Errorf("calls %v", calls)
	}
	if f := d.Add(3061, Minute{}, false); math.Abs(f.Negatives-0.3) > 0.02 || math.Abs(f.Negative-0.5) > 0.06 || math.Abs(f.Baseline) > 0.02 {
		t.Errorf("says %+v", f)
	}
}

func TestLateMinutesCallNobody(t *testing.T) {
	d, rng := day(t)
	for i := range int64(60) {
		if f := d.Add(3001+i, drawn(rng, 30, 0, 0.9), true); f.Call != Nobody || f.Dropped {
			t.Fatalf("%+v", f)
		}
	}
	if f := d.Add(3000, Minute{Negative: 50}, false); f != (Finding{}) {
		t.Errorf("a minute of the past says %+v", f)
	}
}

func TestNothingIsKnownOnTheFirstDay(t *testing.T) {
	d, rng := new(Detector), rand.New(rand.NewPCG(7, 8))
	listen(d, rng, 1, 1000, 10, 0.3, 0.3)
	if calls, _ := listen(d, rng, 1001, 400, 10, 0, 0.9); len(calls) != 1 {
		t.Errorf("calls %v", calls)
	}
}

// What has not come back for three days is the new normal.
func TestLongestEpisode(t *testing.T) {
	d, rng := day(t)
	calls, _ := listen(d, rng, 3001, longest+60, 10, 0.1, 0.6)
	if over := calls[Over]; over != calls[Opened]+longest {
		t.Errorf("calls %v", calls)
	}
}

// What comes within ten minutes of its time is as if it had come at once.
func TestCorrect(t *testing.T) {
	a, rng := day(t)
	b, other := day(t)
	for i := range int64(120) {
		ma, mb := drawn(rng, 12, 0.3, 0.3), drawn(other, 12, 0.3, 0.3)
		if ma != mb {
			t.Fatal("different draws")
		}
		a.Add(3001+i, ma, false)
		b.Add(3001+i, Minute{}, false)
		b.Correct(3001+i, mb)
	}
	b.Correct(2000, Minute{Negative: 99}) // forgotten
	b.Correct(9999, Minute{Negative: 99}) // still to come
	fa, fb := a.Add(3121, Minute{Negative: 3}, false), b.Add(3121, Minute{Negative: 3}, false)
	if fa.Now != fb.Now || fa.Baseline != fb.Baseline || fa.N != fb.N {
		t.Errorf("corrected %+v, at once %+v", fb, fa)
	}
}

func TestRestart(t *testing.T) {
	one, two := new(Detector), new(Detector)
	rng := rand.New(rand.NewPCG(9, 10))
	number, calls := int64(0), 0
	for i := range 20_000 {
		number++
		if rng.IntN(500) == 0 {
			number += int64(rng.IntN(800)) // nothing heard
		}
		negative := 0.3
		if i%2500 > 2300 {
			negative = 0.6
		}
		m := drawn(rng, rng.IntN(20), 0.3, negative)
		a, b := one.Add(number, m, false), two.Add(number, m, false)
		if a != b {
			t.Fatalf("minute %d: %+v, and after restarts %+v", number, a, b)
		}
		if a.Call != Nobody {
			calls++
		}
		if rng.IntN(50) == 0 {
			written, err := json.Marshal(two)
			if err != nil || len(written) > 8000 {
				t.Fatalf("%d bytes, %v", len(written), err)
			}
			two = new(Detector)
			if err := json.Unmarshal(written, two); err != nil {
				t.Fatal(err)
			}
		}
	}
	if calls < 6 {
		t.Errorf("only %d calls were compared", calls)
	}
}

func BenchmarkAdd(b *testing.B) {
	d, rng := new(Detector), rand.New(rand.NewPCG(1, 7))
	m := drawn(rng, 20, 0.3, 0.3)
	b.ReportAllocs()
	for i := int64(1); b.Loop(); i++ {
		d.Add(i, m, false)
	}
}

func ExampleDetector() {
	var d Detector
	for minute := range int64(2 * 24 * 60) { // two even days
		d.Add(1+minute, Minute{Positive: 3, Neutral: 4, Negative: 3}, false)
	}
	for minute := range int64(60) {
		if f := d.Add(2881+minute, Minute{Positive: 1, Neutral: 4, Negative: 5}, false); f.Call == Opened {
			fmt.Printf("after %d minutes: from %+.0f to %+.0f points\n", minute+1, 100*f.Baseline, 100*f.Now)
		}
	}
	// Output: after 10 minutes: from +0 to -27 points
}
