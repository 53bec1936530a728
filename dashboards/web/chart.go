package web

import (
	"math"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// The chart's own units: it is stretched to the width there is, so that its
// words, which stay outside, are never squeezed.
const barWidth, chartHeight = 10.0, 100.0

// chart is mentions by polarity over time, as stacked bars.
type chart struct {
	Width, Height float64
	Bars          []bar
	Deaf          []band   // stretches in which no source was listening
	Scale         []string // labels from the top down
	Ticks         []string // labels from left to right, evenly spaced
}

type bar struct {
	Label string // of its time
	Tally tally
	Parts []part
}

type part struct {
	Polarity            mention.Polarity
	X, Y, Width, Height float64
}

type band struct{ X, Width float64 }

// draw makes the chart of counts in buckets.
func draw(l *locale, g grain, within mention.Span, buckets []mention.Span, counts []store.Count, deaf []mention.Span) *chart {
	c := &chart{Width: barWidth * float64(len(buckets)), Height: chartHeight, Bars: make([]bar, len(buckets))}
	for _, n := range counts {
		c.Bars[place(buckets, n.At)].Tally.add(n.Polarity, n.N)
	}
	top := int64(1)
	for i := range c.Bars {
		top = max(top, c.Bars[i].Tally.Total())
	}
	top = roundUp(top)
	for i := range c.Bars {
		c.Bars[i].Label = g.label(l, buckets[i].From)
		c.Bars[i].stack(float64(i)*barWidth, float64(top))
	}
	for _, d := range deaf {
		x := along(buckets, d.From)
		c.Deaf = append(c.Deaf, band{x, along(buckets, d.To) - x})
	}
	c.Scale = []string{l.Int(top), "0"}
	if top%2 == 0 {
		c.Scale = []string{l.Int(top), l.Int(top / 2), "0"}
	}
	for i := range 4 {
		c.Ticks = append(c.Ticks, c.Bars[i*(len(c.Bars)-1)/3].Label)
	}
	return c
}

// stack lays the parts on each other, negative lowest: it is what readers
// compare, and only the lowest part has a common foot.
func (b *bar) stack(x, top float64) {
	y := chartHeight
	for _, p := range mention.Polarities() {
		h := chartHeight * float64(b.Tally.Of(p)) / top
		if h == 0 {
			continue
		}
		y -= h
		b.Parts = append(b.Parts, part{p, x + 0.8, y, barWidth - 1.6, h})
	}
}

// along is where a moment lies on the chart.
func along(buckets []mention.Span, t time.Time) float64 {
	i := place(buckets, t)
	b := buckets[i]
	within := float64(t.Sub(b.From)) / float64(b.To.Sub(b.From))
	return barWidth * (float64(i) + min(1, max(0, within)))
}

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

// label names a bar's time.
func (g grain) label(l *locale, t time.Time) string {
	switch g {
	case hourly, sixHourly:
		return l.Day(t) + " " + t.Format("15:04")
	case monthly:
		return l.Month(t)
	}
	return l.Day(t)
}
