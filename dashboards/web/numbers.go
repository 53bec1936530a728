package web

import (
	"math"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// enough is how many mentions a percentage needs before the page writes one
// down as a change: below it, one more angry post moves the share by several
// points.
const enough = 30

// tally counts mentions by polarity.
type tally struct{ Negative, Neutral, Positive, Unknown int64 }

func (t *tally) add(p mention.Polarity, n int64) {
	switch p {
	case mention.Negative:
		t.Negative += n
	case mention.Neutral:
		t.Neutral += n
	case mention.Positive:
		t.Positive += n
	default:
		t.Unknown += n
	}
}

// Of is how many have a polarity.
func (t tally) Of(p mention.Polarity) int64 {
	switch p {
	case mention.Negative:
		return t.Negative
	case mention.Neutral:
		return t.Neutral
	case mention.Positive:
		return t.Positive
	}
	return t.Unknown
}

// Scored is how many a scorer could tell.
func (t tally) Scored() int64 { return t.Negative + t.Neutral + t.Positive }

// Total is all of them, those nobody could tell included.
func (t tally) Total() int64 { return t.Scored() + t.Unknown }

// Share is the part of all mentions that have a polarity, 0 to 1.
func (t tally) Share(p mention.Polarity) float64 {
	if t.Total() == 0 {
		return 0
	}
	return float64(t.Of(p)) / float64(t.Total())
}

// Net is the share of positive less the share of negative among the scored,
// in points from -100 to 100; 0 when none is scored.
func (t tally) Net() float64 {
	if t.Scored() == 0 {
		return 0
	}
	return 100 * float64(t.Positive-t.Negative) / float64(t.Scored())
}

// total adds up what the store counted.
func total(counts []store.Count) (t tally) {
	for _, c := range counts {
		t.add(c.Polarity, c.N)
	}
	return t
}

// verdict says what may be said of a change between two windows.
type verdict string

const (
	changed  verdict = "change"
	tooFew   verdict = "too_few" // fewer than enough on either side
	unlike   verdict = "unlike"  // listened to so differently that the change would be ours, not theirs
	noBefore verdict = "none"    // the window has none before it
)

// change is a number against the same number in the window before.
type change struct {
	Verdict verdict
	By      float64 // percent of the earlier count, or points of net sentiment
}

// Rose and Fell tell the direction as written, that is when rounded.
func (c change) Rose() bool { return c.Verdict == changed && math.Round(c.By) > 0 }
func (c change) Fell() bool { return c.Verdict == changed && math.Round(c.By) < 0 }

// compare sets a window against the one before it. now and before are shares
// of each that any source was listening, 0 to 1.
func compare(t, earlier tally, now, before float64) (mentions, net change) {
	if math.Abs(now-before) > 0.1 {
		return change{Verdict: unlike}, change{Verdict: unlike}
	}
	mentions, net = change{Verdict: tooFew}, change{Verdict: tooFew}
	if t.Total() >= enough && earlier.Total() >= enough {
		mentions = change{changed, 100 * float64(t.Total()-earlier.Total()) / float64(earlier.Total())}
	}
	if t.Scored() >= enough && earlier.Scored() >= enough {
		net = change{changed, t.Net() - earlier.Net()}
	}
	return mentions, net
}
