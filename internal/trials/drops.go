package trials

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"confianza/analysis/drops"
	"confianza/internal/synth"
)

// Falls is the outcome of trying [drops.Detector] and two simple rivals on the
// same made-up talk.
type Falls struct {
	Weeks int        `json:"brand_weeks"` // at each rate
	Tries int        `json:"falls"`       // at each rate and kind
	Rates []FallRate `json:"rates"`
}

// FallRate is the outcome at one volume.
type FallRate struct {
	Rate    float64 `json:"per_minute"`
	Pages   Rivals  `json:"false_pages_per_brand_week"`
	Notices float64 `json:"false_rises_per_brand_week"`
	// A fall of 30 points with three times the volume, of 15 with the usual one,
	// and a move of 15 points from neutral to negative.
	Thirty  Delays `json:"fall_30_times_3"`
	Fifteen Delays `json:"fall_15"`
	Neutral Delays `json:"neutral_to_negative_15"`
	// The same of the rivals, for the first kind.
	NaiveThirty    Delays `json:"naive_fall_30_times_3"`
	BinomialThirty Delays `json:"binomial_fall_30_times_3"`
	Before         int    `json:"open_before"` // falls that began while a false episode was open or silent; not among the delays
}

// Rivals are false pages of the detector and of what it is compared with.
type Rivals struct {
	Ours     float64 `json:"ours"`
	Naive    float64 `json:"naive"`
	Binomial float64 `json:"binomial"`
}

// fallen is how long a made-up fall lasts, and how long a brand is listened to
// before, in minutes.
const fallen, before = 3 * 60, 5 * 24 * 60

// told is how many minutes after its end a minute is looked at.
const told = 1

// RunFalls listens to quiet weeks at each rate, and to falls.
func RunFalls(weeks, tries int) *Falls {
	brands := max(1, (weeks+3)/4)
	f := &Falls{Weeks: 4 * brands, Tries: tries}
	for _, rate := range Rates() {
		f.Rates = append(f.Rates, fallRate(rate, brands, tries))
	}
	return f
}

func fallRate(rate float64, brands, tries int) FallRate {
	r := FallRate{Rate: rate}
	for i := range brands {
		eachMinute(synth.Talk{Rate: rate, Seed: uint64(i)}, 4*week, func(_ int, _ drops.Finding, c calls) bool {
			r.Pages.Ours += c.ours
			r.Pages.Naive += c.naive
			r.Pages.Binomial += c.binomial
			r.Notices += c.rise
			return true
		})
	}
	for _, n := range []*float64{&r.Pages.Ours, &r.Pages.Naive, &r.Pages.Binomial, &r.Notices} {
		*n /= 4 * float64(brands)
	}
	for i := range tries {
		from := before + i*24*60/tries // at another time of the day for each
		for _, kind := range []struct {
			event        synth.Event
			ours, nb, bb *Delays
		}{
			{synth.Event{Times: 3, Shift: -0.30}, &r.Thirty, &r.NaiveThirty, &r.BinomialThirty},
			{synth.Event{Shift: -0.15}, &r.Fifteen, nil, nil},
			{synth.Event{Shift: -0.15, FromNeutral: true}, &r.Neutral, nil, nil},
		} {
			kind.event.From, kind.event.Minutes = from, fallen
			talk := synth.Talk{Rate: rate, Seed: 2000 + uint64(i), Events: []synth.Event{kind.event}}
			talk.Rate *= rate / talk.Usual(from) // so much is said at that time of the day, not on average
			ours, naive, binomial, ok := fallDelay(talk, from)
			if !ok {
				r.Before++
				continue
			}
			*kind.ours = append(*kind.ours, ours)
			if kind.nb != nil {
				*kind.nb, *kind.bb = append(*kind.nb, naive), append(*kind.bb, binomial)
			}
		}
	}
	return r
}

// fallDelay is how long a fall goes on until each calls; ok is false when the
// detector had called within the six hours before.
func fallDelay(talk synth.Talk, from int) (ours, naive, binomial float64, ok bool) {
	ours, naive, binomial, ok = math.Inf(1), math.Inf(1), math.Inf(1), true
	eachMinute(talk, from+fallen, func(minute int, f drops.Finding, c calls) bool {
		after := float64(minute + 1 + told - from)
		switch {
		case minute < from:
			ok = ok && !(c.ours > 0 && minute > from-6*60) && !(f.Dropped && minute == from-1)
			return ok
		case c.ours > 0:
			ours = min(ours, after)
		}
		if c.naive > 0 {
			naive = min(naive, after)
		}
		if c.binomial > 0 {
			binomial = min(binomial, after)
		}
		return true
	})
	return ours, naive, binomial, ok
}

// calls are those of one minute, 0 or 1.
type calls struct{ ours, rise, naive, binomial float64 }

// eachMinute has all three listen to talk.
func eachMinute(talk synth.Talk, minutes int, f func(minute int, found drops.Finding, c calls) bool) {
	d := new(drops.Detector)
	naive, binomial := rival{}, rival{}
	talk.Each(minutes, func(i int, m synth.Minute) bool {
		found := d.Add(int64(i+1), drops.Minute{Positive: float64(m.Positive), Neutral: float64(m.Neutral), Negative: float64(m.Negative)}, false)
		var c calls
		if found.Call == drops.Opened {
			c.ours = 1
		}
		if found.Notice == drops.Opened {
			c.rise = 1
		}
		if found.Known && found.N > 0 {
			fall := found.Baseline - found.Now
			c.naive = naive.call(i, found.N >= 10 && fall > 0.2)
			c.binomial = binomial.call(i, fall/math.Sqrt(max(0.15, 1-found.Baseline*found.Baseline)/found.N) > drops.Called)
		}
		return f(i, found, c)
	})
}

// rival is what one would write first: the net feeling of the last quarter of
// an hour against the same baseline, naively by a difference of 20 points from
// ten mentions on, or by a z-score that takes mentions for coins. It is silent
// for six hours after a call too.
type rival struct{ next int }

func (r *rival) call(minute int, over bool) float64 {
	if !over || minute < r.next {
		return 0
	}
	r.next = minute + 6*60
	return 1
}

// Table writes the outcome.
func (f *Falls) Table(w io.Writer) error {
	fmt.Fprintf(w, "Made-up talk: %d quiet brand-weeks and %d falls of each kind at each volume\n", f.Weeks, f.Tries)
	fmt.Fprintln(w, "Time to page: median in minutes, and percent within 15/30/60")
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tfalse pages a week\t\t\trises\t30 points, × 3\t\t\t15 points\t15 from neutral\t")
	fmt.Fprintln(t, "a minute\tours\tnaive\tbinomial\t\tours\tnaive\tbinomial\tours\tours\t")
	for _, r := range f.Rates {
		fmt.Fprintf(t, "%g\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t%s\t%s\t%s\t\n", r.Rate, r.Pages.Ours, r.Pages.Naive, r.Pages.Binomial, r.Notices,
			r.Thirty, r.NaiveThirty, r.BinomialThirty, r.Fifteen, r.Neutral)
	}
	return t.Flush()
}
