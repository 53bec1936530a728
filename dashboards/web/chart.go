package web

import (
	"math"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// chart is mentions by polarity over time, as stacked bars. All its places
// and sizes are percentages of the plot, from the left and from the top: so
// the browser stretches it to any screen without squeezing words or hatching.
type chart struct {
	Bars  []bar
	Deaf  []band   // stretches in which no source was listening
	Scale []string // labels from the top down
	Ticks []tick
}

// bar is one bucket of time, drawn or not.
type bar struct {
	Label string // of its time
	Tally tally
	Heard float64 // share of its time that any source was listening, 0 to 1
	Parts []part  // none when there was nothing
}

type part struct {
	Polarity            mention.Polarity
	X, Y, Width, Height float64
}

// band is a stretch of time across a plot.
type band struct{ X, Width float64 }

// Middle is where a word stands that is written into the band.
func (b band) Middle() float64 { return percent(b.X + b.Width/2) }

// Roomy tells whether a word of some fifteen letters fits: on any screen, or
// on a wide one.
func (b band) Roomy() bool       { return b.Width >= 30 }
func (b band) RoomyOnWide() bool { return b.Width >= 12 }

// visible is the narrowest band drawn, in percent: one that nobody would see
// is not worth a legend. The table still counts it.
const visible = 0.3

// draw makes the chart of counts in buckets. heard is sorted and disjoint.
func draw(l *locale, g grain, within mention.Span, buckets []mention.Span, counts []store.Count, heard []mention.Span) *chart {
	c := &chart{Bars: make([]bar, len(buckets))}
	for _, n := range counts {
		c.Bars[place(buckets, n.At)].Tally.add(n.Polarity, n.N)
	}
	top := int64(1)
	for i := range c.Bars {
		top = max(top, c.Bars[i].Tally.Total())
	}
	top = roundUp(top)
	for i := range c.Bars {
		b := &c.Bars[i]
		b.Label, b.Heard = g.label(l, buckets[i].From), share(heard, buckets[i])
		b.stack(across(buckets[i], within), float64(top))
	}
	c.Deaf = bands(gaps(heard, within), within)
	c.Scale = []string{l.Int(top), "0"}
	if top%2 == 0 {
		c.Scale = []string{l.Int(top), l.Int(top / 2), "0"}
	}
	c.Ticks = g.ticks(l, within, buckets)
	return c
}

// stack lays the parts on each other, negative lowest: it is what readers
// compare, and only the lowest part has a common foot. A sixth of the width is
// left free.
func (b *bar) stack(in band, top float64) {
	y := 100.0
	for _, p := range mention.Polarities() {
		h := 100 * float64(b.Tally.Of(p)) / top
		if h == 0 {
			continue
		}
		y -= h
		b.Parts = append(b.Parts, part{p, percent(in.X + in.Width/12), percent(y), percent(in.Width * 5 / 6), percent(h)})
	}
}

// across is where a stretch of time lies on a plot of another.
func across(s, within mention.Span) band {
	whole := float64(within.To.Sub(within.From))
	return band{100 * float64(s.From.Sub(within.From)) / whole, 100 * float64(s.To.Sub(s.From)) / whole}
}

// bands are the stretches wide enough to see.
func bands(spans []mention.Span, within mention.Span) (all []band) {
	for _, s := range spans {
		if b := across(s, within); b.Width >= visible {
			all = append(all, band{percent(b.X), percent(b.Width)})
		}
	}
	return all
}

// percent keeps the page small: a thousandth of the plot is less than a pixel.
func percent(x float64) float64 { return math.Round(x*1000) / 1000 }

// roundUp is the next of 1, 2, 4, 6, 8, 10 times a power of ten.
func roundUp(n int64) int64 {
	unit := int64(math.Pow10(int(math.Floor(math.Log10(float64(n))))))
	for _, m := range []int64{1, 2, 4, 6, 8, 10} {
		if m*unit >= n {
			return m * unit
		}
	}
	return n
}

// label names a bar's time. The hour that comes twice in autumn says which.
func (g grain) label(l *locale, t time.Time) string {
	switch g {
	case hourly, sixHourly:
		label := l.Day(t) + ", " + t.Format("15:04")
		if t.Add(time.Hour).Hour() == t.Hour() || t.Add(-time.Hour).Hour() == t.Hour() {
			label += " " + t.Format("MST")
		}
		return label
	case monthly:
		return l.Month(t)
	}
	return l.Day(t)
}
