package trials

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"confianza/analysis/spikes"
	"confianza/internal/synth"
)

// Rates are the volumes tried, in mentions a minute.
func Rates() []float64 { return []float64{0.2, 0.5, 1, 2, 5, 10, 20, 50, 100} }

const (
	week    = 7 * 24 * 60    // minutes
	history = 2*week + 24*60 // minutes before something happens: the past is full
	burst   = 6 * 60         // minutes a made-up burst lasts
	settled = 3              // minutes after its end that a bin is closed
)

// Bursts is the outcome of the paging rule on made-up talk.
type Bursts struct {
	Weeks int         `json:"brand_weeks"` // at each rate
	Tries int         `json:"bursts"`      // at each rate and size
	Rates []BurstRate `json:"rates"`
}

// BurstRate is the outcome at one volume.
type BurstRate struct {
	Rate   float64 `json:"per_minute"`
	Pages  float64 `json:"pages_per_quiet_brand_week"` // with a past of fifty hours or more
	Early  float64 `json:"pages_in_first_fifty_hours"` // for a brand
	Marks  float64 `json:"marks_per_quiet_brand_week"`
	Three  Delays  `json:"times_3"`
	Ten    Delays  `json:"times_10"`
	Before int     `json:"open_before"` // bursts that began while a false episode was open; not among the delays
}

// RunBursts listens to weeks of quiet talk at each rate, and to bursts. weeks
// and tries are how many of each, at each rate; a brand is listened to for
// four weeks.
func RunBursts(weeks, tries int) *Bursts {
	brands := max(1, (weeks+3)/4)
	b := &Bursts{Weeks: 4 * brands, Tries: tries}
	for _, rate := range Rates() {
		b.Rates = append(b.Rates, burstRate(rate, brands, tries))
	}
	return b
}

func burstRate(rate float64, brands, tries int) BurstRate {
	r := BurstRate{Rate: rate}
	for i := range brands {
		r.listen(synth.Talk{Rate: rate, Seed: uint64(i)})
	}
	early := float64(spikes.Needs) / (7 * 24 * 12) // weeks
	r.Pages /= float64(brands) * (4 - early)
	r.Marks /= float64(brands) * (4 - early)
	r.Early /= float64(brands)
	for i := range tries {
		for times, delays := range map[float64]*Delays{3: &r.Three, 10: &r.Ten} {
			from := history + i*24*60/tries // at another time of the day for each
			talk := synth.Talk{Rate: rate, Seed: 1000 + uint64(i), Events: []synth.Event{{From: from, Minutes: burst, Times: times}}}
			if d, ok := delay(talk, from); ok {
				*delays = append(*delays, d)
			} else {
				r.Before++
			}
		}
	}
	return r
}

// listen counts the calls of four quiet weeks.
func (r *BurstRate) listen(talk synth.Talk) {
	eachFinding(talk, 4*week, func(minute int, f spikes.Finding) bool {
		switch {
		case f.Call != spikes.Opened && f.Call != spikes.Escalated:
		case f.Known:
			r.Pages++
		default:
			r.Early++
		}
		if f.Marked {
			r.Marks++
		}
		return true
	})
}

// delay is how long a burst that begins at a minute goes on until it calls; ok
// is false when an episode is open by then.
func delay(talk synth.Talk, from int) (minutes float64, ok bool) {
	minutes, ok = math.Inf(1), true
	eachFinding(talk, from+burst, func(minute int, f spikes.Finding) bool {
		switch {
		case minute <= from:
			ok = !f.Open
		case !ok:
			return false
		case f.Call == spikes.Opened:
			minutes = float64(minute + settled - from)
			return false
		}
		return true
	})
	return minutes, ok
}

// eachFinding has a detector listen to talk. minute is the end of the bin.
func eachFinding(talk synth.Talk, minutes int, f func(minute int, found spikes.Finding) bool) {
	d, n := new(spikes.Detector), 0
	talk.Each(minutes, func(i int, m synth.Minute) bool {
		n += m.N()
		if (i+1)%5 != 0 {
			return true
		}
		found := d.Add(int64(i/5+1), float64(n), false)
		n = 0
		return f(i+1, found)
	})
}

// Table writes the outcome.
func (b *Bursts) Table(w io.Writer) error {
	fmt.Fprintf(w, "Made-up talk: %d quiet brand-weeks and twice %d bursts of six hours at each volume\n", b.Weeks, b.Tries)
	fmt.Fprintln(w, "Time to page: median in minutes, and percent within 15/30/60")
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "a minute\tpages a week\ta brand in its first 50 h\tmarks a week\t× 3\t× 10\t")
	for _, r := range b.Rates {
		fmt.Fprintf(t, "%g\t%.2f\t%.2f\t%.1f\t%s\t%s\t\n", r.Rate, r.Pages, r.Early, r.Marks, r.Three, r.Ten)
	}
	return t.Flush()
}
