package synth

import (
	"math"
	"testing"
)

func hear(t Talk, minutes int) (all []Minute) {
	t.Each(minutes, func(_ int, m Minute) bool { all = append(all, m); return true })
	return all
}

func TestSameTalkEachTime(t *testing.T) {
	talk := Talk{Rate: 2, Seed: 5}
	a, b := hear(talk, 500), hear(talk, 300)
	for i := range b {
		if a[i] != b[i] {
			t.Fatalf("minute %d: %v and %v", i, a[i], b[i])
		}
	}
	talk.Seed++
	different := 0
	for i, m := range hear(talk, 300) {
		if m != a[i] {
			different++
		}
	}
	if different < 100 {
		t.Errorf("another seed differs in %d of 300 minutes", different)
	}
}

// Four weeks hold four full rhythms of the week: the mean is the rate, and the
// shares are those of quiet talk.
func TestTalkHasItsRate(t *testing.T) {
	for _, rate := range []float64{0.2, 5, 100} {
		n, net, squares := 0.0, 0.0, 0.0
		for seed := range uint64(4) {
			for _, m := range hear(Talk{Rate: rate, Seed: seed}, 28*24*60) {
				n += float64(m.N())
				squares += float64(m.N() * m.N())
				net += float64(m.Positive - m.Negative)
			}
		}
		minutes := 4 * 28 * 24 * 60.
		mean := n / minutes
		if math.Abs(mean/rate-1) > 0.08 {
			t.Errorf("%v a minute on average, want %v", mean, rate)
		}
		if d := net/n + 0.05; math.Abs(d) > 0.03 { // 0.25 positive, 0.30 negative
			t.Errorf("net %v, want -0.05", net/n)
		}
		// More than chance: a Poisson number's variance is its mean.
		if variance := squares/minutes - mean*mean; variance < mean+0.3*mean*mean {
			t.Errorf("variance %v of a mean of %v", variance, mean)
		}
	}
}

func TestEvents(t *testing.T) {
	talk := Talk{Rate: 20, Calm: true, Events: []Event{{From: 1000, Minutes: 1000, Times: 3, Shift: -0.3}, {From: 2000, Minutes: 1000, Shift: -0.2, FromNeutral: true}}}
	var sums [3]Minute
	for i, m := range hear(talk, 3000) {
		s := &sums[i/1000]
		s.Positive, s.Neutral, s.Negative = s.Positive+m.Positive, s.Neutral+m.Neutral, s.Negative+m.Negative
	}
	share := func(n int, m Minute) float64 { return float64(n) / float64(m.N()) }
	if n := sums[0].N(); math.Abs(float64(n)-20_000) > 700 { // five deviations of 141
		t.Errorf("%d mentions of a quiet thousand minutes", n)
	}
	if n := sums[1].N(); math.Abs(float64(n)-60_000) > 1300 {
		t.Errorf("%d at three times the volume", n)
	}
	for i, want := range [][2]float64{{0.25, 0.30}, {0.10, 0.45}, {0.25, 0.50}} {
		p, n := share(sums[i].Positive, sums[i]), share(sums[i].Negative, sums[i])
		if math.Abs(p-want[0]) > 0.02 || math.Abs(n-want[1]) > 0.02 {
			t.Errorf("stretch %d: positive %.3f, negative %.3f, want %v", i, p, n, want)
		}
	}
}

// What is usual at a time is what many talks, each in its own mood, say then.
func TestUsual(t *testing.T) {
	said, usual := 0.0, 0.0
	for seed := range uint64(60) {
		talk := Talk{Rate: 20, Seed: seed}
		for i, m := range hear(talk, 600) {
			said += float64(m.N())
			usual += talk.Usual(i)
		}
	}
	if math.Abs(said/usual-1) > 0.03 {
		t.Errorf("%v said, %v usual", said, usual)
	}
	if (Talk{Rate: 3, Calm: true}).Usual(7) != 3 {
		t.Error("calm talk has a rhythm")
	}
}
