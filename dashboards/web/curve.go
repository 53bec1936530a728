package web

import (
	"fmt"
	"strings"

	"confianza/analysis/shares"
	"confianza/internal/mention"
)

// curve is a value by day with its interval, a mean of seven days, and a
// baseline. Bands are placed in percent of the plot, as a chart's bars are.
// Lines cannot be: they are drawn in units of a thousandth of the plot.
type curve struct {
	Points   []point
	Daily    string  // path of the days' values, broken where nothing was scored
	Weekly   string  // path of the seven-day mean
	Baseline float64 // percent from the top
	Usual    bool    // there is a baseline
}

// point is one day of a curve.
type point struct {
	Label     string // its date
	Heard     float64
	N         int64 // scored mentions, none when there is nothing to draw
	Day, Week shares.Estimate
	WeekN     int64
	X, Width  float64 // of the interval's band, and how high it is
	Y, Height float64
}

// axis is what the top and the foot of a plot stand for.
type axis struct{ foot, top float64 }

// y is where a value stands, in percent from the top.
func (a axis) y(v float64) float64 { return 100 * (a.top - v) / (a.top - a.foot) }

// trace draws a curve of days. seven[i] joins day i and the six before it; of
// picks the value.
func trace(l *locale, within mention.Span, days []day, seven []sample, heard []mention.Span, a axis, of func(sample) shares.Estimate) *curve {
	c := &curve{Points: make([]point, len(days))}
	var daily, weekly stroke
	for i, d := range days {
		p := &c.Points[i]
		in := across(d.Span, within)
		*p = point{Label: l.Day(d.From), Heard: share(heard, d.Span), N: d.Scored(), WeekN: seven[i].Scored(), X: percent(in.X), Width: percent(in.Width)}
		middle := in.X + in.Width/2
		if p.N > 0 {
			p.Day = of(d.sample)
			p.Y, p.Height = percent(a.y(p.Day.High)), percent(a.y(p.Day.Low)-a.y(p.Day.High))
			daily.to(middle, a.y(p.Day.Value))
		} else {
			daily.lift()
		}
		if p.WeekN >= enough && p.N > 0 {
			p.Week = of(seven[i])
			weekly.to(middle, a.y(p.Week.Value))
		} else {
			p.WeekN = 0
			weekly.lift()
		}
	}
	c.Daily, c.Weekly = daily.String(), weekly.String()
	return c
}

// stroke is a line with gaps, as the d of an SVG path. A point by itself is a
// line of no length, which a round cap makes a dot.
type stroke struct {
	strings.Builder
	down bool
}

// to draws to a place, both in percent.
func (p *stroke) to(x, y float64) {
	if p.down {
		fmt.Fprintf(p, "L%.1f %.1f", 10*x, 10*y)
		return
	}
	fmt.Fprintf(p, "M%.1f %.1fh0", 10*x, 10*y)
	p.down = true
}

// lift ends a line.
func (p *stroke) lift() { p.down = false }
