// Package spikes finds bursts in how much is said of a brand.
//
// It takes a brand's mentions in bins of five minutes, one vote an author, and
// says of each bin how unusual it is among the brand's own last fourteen days,
// and whether somebody should be called. Nothing is tuned to a brand: the same
// numbers serve one mention an hour and a hundred a minute. A [Detector] needs
// 17 KB and, once a bin, some 50 microseconds.
//
// It promises that the same bins give the same findings, that a detector
// written out and read again goes on as if nothing had been, and that what
// comes late corrects the past without calling anybody. It leaves to others
// what counts as a mention, whether a source was listening, and what a burst is
// about.
package spikes

import "time"

// The scale of time: a bin, and how many of them the past has.
const (
	Bin   = 5 * time.Minute
	Kept  = 14 * 24 * 12 // bins of the past that a bin is compared with
	Needs = 600          // of them, before there is a score: fifty hours
	warm  = 96           // bins before them, for the averages to settle
)

// Unusual is the score from which a bin is marked, at most once a day: it is
// beyond 99.6 % of the past. Marks are shown and call nobody, since such a bin
// comes once in a few quiet days. See docs/detection.md for what other
// thresholds do.
const Unusual = 2.4

// Somebody is called when the last twenty minutes hold at least so many
// mentions, and so many times the 99th percentile of the past, both as
// multiples of what is usual at that time of the day; again when they hold so
// many times what they held at the last call.
const (
	fewest   = 10
	beyond   = 1.5
	escalate = 1.5
	calm     = 12      // bins under the bar until an episode is over
	longest  = 7 * day // bins an episode lasts at most: then it is the new normal
	marked   = day     // bins from a mark until the next
)

// Before the past is long enough: so many times the mean of the six hours
// before, and of the hour before, since mornings rise faster than that; and so
// many mentions.
const (
	earlyTimes  = 3
	earlyFewest = 30
	earlyBins   = 6 * 12
)

// Finding is what one bin says.
type Finding struct {
	Number int64   // of the bin: Unix time / 300
	Sum    float64 // mentions of the last four bins that were heard
	Score  float64 // how unusual: 2 is beyond 99 % of the past, 3 beyond 99.9 %
	Known  bool    // false until the past is long enough: there is no score
	Marked bool    // unusual, and the first such bin in a day
	Usual  float64 // the mean of Sum at this time of the day; 0 until Known
	Bar    float64 // what Sum is held to while an episode is open
	Open   bool    // an episode is open after this bin
	Call   Call    // whether this bin calls somebody
	Growth float64 // how many times the sum that somebody was first called for the last call was for; 0 while none is open
	Early  bool    // the episode was opened before the past was long enough: provisional
}

// Call says why somebody is called.
type Call string

// The calls.
const (
	Nobody    Call = ""
	Opened    Call = "opened"
	Escalated Call = "escalated"
	Over      Call = "over"
)

// Detector watches one brand. Its zero value is ready; it is not safe for
// concurrent use.
type Detector struct {
	past    ring
	late    int64 // the newest bin that was told late, 0 for none
	mark    int64 // the bin last marked, 0 for none
	episode *episode
}

// episode is a burst that is going on.
type episode struct {
	Since  int64   `json:"since"`            // its first bin
	Factor float64 `json:"factor,omitempty"` // how many times the usual it is held to; it stays as it was at the opening
	Least  float64 `json:"least"`            // what the sum is held to besides, or alone when there is no factor
	First  float64 `json:"first"`            // the sum when somebody was first called
	Told   float64 `json:"told"`             // and last
	Over   int64   `json:"over"`             // the last bin at or over the bar
}

// bar is what the sum is held to.
func (e *episode) bar(usual float64) float64 {
	return max(e.Least, e.Factor*(usual+few)-few)
}

// Last is the number of the newest bin; ok is false before the first.
func (d *Detector) Last() (number int64, ok bool) { return d.past.last, d.past.held > 0 }

// Add tells the number of mentions of the next bin. Bins between it and the
// last one were not heard. A late bin, one that is old when it is told, neither
// opens an episode nor escalates one, and no sum that it is in does. A bin that was told before is none: the
// finding is empty, and [Detector.Correct] is for that.
func (d *Detector) Add(number int64, mentions float64, late bool) Finding {
	if last, ok := d.Last(); ok && number <= last {
		return Finding{}
	}
	d.past.add(number, mentions)
	if late {
		d.late = number
	}
	late = d.late != 0 && number-d.late < 4
	v := d.past.look()
	f := Finding{Number: number, Sum: v.sum, Score: v.score, Known: v.known, Usual: v.usual}
	if f.Known && f.Score >= Unusual && (d.mark == 0 || number-d.mark > marked) {
		d.mark, f.Marked = number, true
	}
	d.judge(&f, v, late)
	if e := d.episode; e != nil {
		f.Open, f.Bar, f.Early, f.Growth = true, e.bar(v.usual), e.Factor == 0, e.Told/max(e.First, 1)
	}
	return f
}

// Correct changes the number of mentions of a bin of the past, heard or not; of
// one that is forgotten or still to come it does nothing. It calls nobody.
func (d *Detector) Correct(number int64, mentions float64) { d.past.set(number, mentions) }

// judge opens, escalates and closes the episode.
func (d *Detector) judge(f *Finding, v view, late bool) {
	if e := d.episode; e != nil {
		d.follow(e, f, late)
		return
	}
	e := episode{Since: f.Number, First: v.sum, Told: v.sum, Over: f.Number}
	switch {
	case v.factor > 0:
		e.Factor, e.Least = v.factor, fewest
	case !v.known && v.before > 0:
		e.Least = max(earlyFewest, earlyTimes*v.before)
	default:
		return
	}
	if !late && v.sum >= e.bar(v.usual) {
		d.episode, f.Call = &e, Opened
	}
}

func (d *Detector) follow(e *episode, f *Finding, late bool) {
	if f.Sum >= e.bar(f.Usual) {
		e.Over = f.Number
	}
	switch {
	case f.Number-e.Over >= calm, f.Number-e.Since >= longest:
		d.episode, f.Call = nil, Over
	case !late && f.Sum >= escalate*e.Told:
		e.Told, f.Call = f.Sum, Escalated
	}
}
