// Package drops finds falls and rises in the feeling of what is said of a brand.
//
// It takes a brand's mentions minute by minute, how many were positive, neutral
// and negative, and says of each minute how far the feeling lies from what it
// was in the hours before, in deviations that know how much it wanders anyway.
// A fall calls somebody; a rise is a notice. A [Detector] needs 3 KB and, once a
// minute, about a microsecond.
//
// It promises that the same minutes give the same findings, that a detector
// written out and read again goes on as if nothing had been, and that old
// minutes teach it without calling anybody. It leaves to others how feeling is
// told, and takes it as it is told: a scorer that is wrong by the same amount
// all day is wrong in the baseline too.
package drops

import (
	"encoding/json"
	"fmt"
	"math"
)

// Minute is what was said in a minute. What nobody could read is left out.
type Minute struct{ Positive, Neutral, Negative float64 }

// N is how much was said.
func (m Minute) N() float64 { return m.Positive + m.Neutral + m.Negative }

// Called is the score beyond which somebody is called.
const Called = 3.9

const (
	needs  = 24 * 60 // minutes before anything is found
	fewest = 50      // mentions that the baseline rests on
	least  = 10      // mentions in a quarter of an hour for anybody to be called: four angry people are no fall
	silent = 6 * 60  // minutes from a call until the next may come
	under  = 2.0     // an episode is over when the scores were under this
	calm   = 60      // for so many minutes
	// An episode lasts at most so many minutes: what has not come back then is
	// learnt as the new normal, and the weekly figures are there to say so.
	longest = 3 * 24 * 60
)

// surer is what a score gains while much more is said: see louder.
const surer = 1.3

// loud is how many mentions a quarter of an hour has for all of that: few are
// soon twice as many.
const loud = 60

// Finding is what one minute says.
type Finding struct {
	Number    int64   // of the minute: Unix time / 60
	Known     bool    // false until there is a baseline
	Drop      float64 // how far below, in deviations; the larger of what the net feeling and the share of negatives say
	Rise      float64 // how far above
	Baseline  float64 // net feeling of the hours before, -1 to 1
	Now       float64 // net feeling of the last 15 minutes
	Negatives float64 // share of negatives of the hours before
	Negative  float64 // share of negatives of the last 15 minutes
	N         float64 // mentions of the last 15 minutes
	Dropped   bool    // an episode of either kind is open after this minute
	Risen     bool
	Call      Call // whether this minute calls somebody
	Notice    Call // the same of a rise
}

// Call says why somebody is called.
type Call string

// The calls.
const (
	Nobody Call = ""
	Opened Call = "opened"
	Over   Call = "over"
)

// Detector watches one brand. Its zero value is ready; it is not safe for
// concurrent use.
type Detector struct{ s state }

// state is what a detector remembers, as it is written out.
type state struct {
	Last     int64      `json:"last"`    // number of the newest minute, 0 for none
	Seen     int64      `json:"seen"`    // minutes since the first
	Late     int64      `json:"late"`    // the newest minute that was told late, 0 for none
	Minutes  [60]Minute `json:"minutes"` // the newest, by number mod 60
	Net      track      `json:"net"`
	Negative track      `json:"negative"`
	Drop     side       `json:"drop"`
	Rise     side       `json:"rise"`
}

// side is one direction.
type side struct {
	Sum     float64  `json:"sum"`  // the cumulative sum
	Told    int64    `json:"told"` // the minute of the last call
	Episode *episode `json:"episode,omitempty"`
}

type episode struct {
	Since int64 `json:"since"`
	Over  int64 `json:"over"` // the last minute it was not calm
}

// Last is the number of the newest minute; ok is false before the first.
func (d *Detector) Last() (number int64, ok bool) { return d.s.Last, d.s.Last != 0 }

// MarshalJSON writes a detector out, some 4 KB.
func (d *Detector) MarshalJSON() ([]byte, error) { return json.Marshal(&d.s) }

// UnmarshalJSON reads what [Detector.MarshalJSON] wrote.
func (d *Detector) UnmarshalJSON(b []byte) error {
	var s state
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("drops: %w", err)
	}
	d.s = s
	return nil
}

// Add tells of the next minute. Minutes between it and the last one are taken
// for silent. A late minute, one that is old when it is told, opens no episode,
// and no window that it is in does. A minute that was told before is none, and the finding is empty.
func (d *Detector) Add(number int64, m Minute, late bool) Finding {
	s := &d.s
	if s.Last != 0 && number <= s.Last {
		return Finding{}
	}
	if s.Last == 0 {
		s.Last = number - 1
	}
	if number-s.Last > silent { // after hours of silence all windows are empty
		s.Seen, s.Minutes = s.Seen+number-s.Last-1, [60]Minute{}
		s.Last = number - 1
	}
	for s.Last < number-1 {
		d.step(s.Last+1, Minute{}, s.Late != 0 && s.Last+1-s.Late < 60)
	}
	if late {
		s.Late, s.Drop.Sum, s.Rise.Sum = number, 0, 0
	}
	return d.step(number, m, s.Late != 0 && number-s.Late < 60)
}

// Correct changes what was said in one of the last sixty minutes; of another it
// does nothing. It calls nobody. What is corrected within half an hour is in the
// baseline as if it had been so from the beginning.
func (d *Detector) Correct(number int64, m Minute) {
	if number <= d.s.Last && number > d.s.Last-60 {
		d.s.Minutes[(number%60+60)%60] = m
	}
}

func (d *Detector) step(number int64, m Minute, late bool) Finding {
	s := &d.s
	s.Last = number
	s.Seen++
	old := s.Minutes[((number-lag)%60+60)%60] // before the newest takes the place of the oldest
	s.Minutes[(number%60+60)%60] = m
	f := Finding{Number: number, Known: s.Seen > needs && s.Net.N >= fewest}
	w := s.windows(number)
	net, negative := s.Net.look(netKind, w, m), s.Negative.look(negativeKind, w, m)
	f.Baseline, f.Negatives, f.N = net.base, -negative.base, w[1].N()
	if f.N > 0 {
		f.Now, f.Negative = (w[1].Positive-w[1].Negative)/f.N, w[1].Negative/f.N
	}
	if f.Known {
		s.Drop.Sum, s.Rise.Sum = max(0, s.Drop.Sum+net.step(1)), max(0, s.Rise.Sum+net.step(-1))
		f.Drop = max(net.score(1, s.Drop.Sum, louder(w)), negative.z[1]+louder(w))
		f.Rise = net.score(-1, s.Rise.Sum, louder(w))
		keep := late || f.N < least
		f.Call = s.Drop.judge(number, f.Drop, max(net.calm(1), negative.calm(1)), keep)
		f.Notice = s.Rise.judge(number, f.Rise, net.calm(-1), keep)
	}
	f.Dropped, f.Risen = s.Drop.Episode != nil, s.Rise.Episode != nil
	open := f.Dropped || f.Risen
	s.Net.learn(netKind, number, old, net, open)
	s.Negative.learn(negativeKind, number, old, negative, open)
	return f
}

// windows are the sums of the last 5, 15 and 60 minutes.
func (s *state) windows(number int64) (w [3]Minute) {
	for i, length := range spans {
		for back := range int64(length) {
			m := s.Minutes[((number-back)%60+60)%60]
			w[i].Positive += m.Positive
			w[i].Neutral += m.Neutral
			w[i].Negative += m.Negative
		}
	}
	return w
}

// louder is what is added to a score while the last quarter of an hour has more
// than twice the mentions of those before it, by more than chance: then less
// doubt is left that something has happened.
func louder(w [3]Minute) float64 {
	n, before := w[1].N(), (w[2].N()-w[1].N())/3
	if n < 2*before || n-before < 3*math.Sqrt(before+1) {
		return 0
	}
	return surer * min(1, n/loud)
}

// judge opens and closes the episode of one direction; keep keeps it shut.
func (s *side) judge(number int64, score, now float64, keep bool) Call {
	e := s.Episode
	if e == nil {
		if score <= Called || keep || s.Told != 0 && number-s.Told < silent {
			return Nobody
		}
		s.Episode, s.Told = &episode{number, number}, number
		return Opened
	}
	if now >= under {
		e.Over = number
	}
	if number-e.Over < calm && number-e.Since < longest {
		return Nobody
	}
	s.Episode, s.Sum = nil, 0
	return Over
}

func clip(x, low, high float64) float64 { return math.Min(math.Max(x, low), high) }
