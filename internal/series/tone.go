package series

import (
	"context"
	"math"

	"confianza/internal/mention"
)

// tone is what was said of a brand, by hour and polarity, summed from the
// beginning so that any stretch of hours is one subtraction. News, the brand's
// own voice, and what nobody could read are left out: what is not known to be
// either of the first two is taken for opinion.
type tone struct {
	from  int64 // the hour before the first
	until []cell
}

// scored are the polarities that a share can be of.
var scored = [...]mention.Polarity{mention.Negative, mention.Neutral, mention.Positive}

// cell is what all hours up to one hold.
type cell struct {
	n       [len(scored)]float64
	squares [len(scored)]float64 // of n_i²/n over the hours
	hours   int                  // that hold any mention
}

// tone reads a brand's hours for the minutes of a window and reach hours before
// it.
func (v *view) tone(ctx context.Context, brand string, w window, reach int64) (*tone, error) {
	key := toneKey{brand, w}
	if t := v.tones[key]; t != nil {
		return t, nil
	}
	span, err := v.snap.Span(ctx)
	if err != nil {
		return nil, err
	}
	from := max(floor(w.from, hour)-reach, floor(span.From.UnixMilli(), hour)) - 1
	to := min(floor(w.to, hour)+1, floor(span.To.UnixMilli(), hour))
	t := &tone{from: from, until: make([]cell, max(1, to-from))}
	for _, s := range v.series {
		p := place(s.Polarity)
		if s.Brand != brand || p < 0 || s.Kind == mention.News || s.Kind == mention.BrandOwn || to <= from+1 {
			continue
		}
		err := v.snap.Sums(ctx, s.ID, from+1, to, 1, func(h, total int64) { t.until[h-from].n[p] += float64(total) })
		if err != nil {
			return nil, err
		}
	}
	t.sum()
	v.tones[key] = t
	return t, nil
}

type toneKey struct {
	brand string
	w     window
}

// place is where a polarity is among the scored; -1 for one that is not.
func place(p mention.Polarity) int {
	for i, s := range scored {
		if s == p {
			return i
		}
	}
	return -1
}

// sum turns what each hour holds into what all up to it hold.
func (t *tone) sum() {
	for i := 1; i < len(t.until); i++ {
		c, before := &t.until[i], t.until[i-1]
		n := c.n[0] + c.n[1] + c.n[2]
		for p := range scored {
			if n > 0 {
				c.squares[p] = c.n[p] * c.n[p] / n
			}
			c.n[p] += before.n[p]
			c.squares[p] += before.squares[p]
		}
		if c.hours = before.hours; n > 0 {
			c.hours++
		}
	}
}

// between is what the hours [from, to) hold.
func (t *tone) between(from, to int64) (c cell) {
	a, b := t.upTo(from-1), t.upTo(to-1)
	for p := range scored {
		c.n[p] = b.n[p] - a.n[p]
		c.squares[p] = math.Max(0, b.squares[p]-a.squares[p])
	}
	c.hours = b.hours - a.hours
	return c
}

func (t *tone) upTo(hour int64) cell {
	return t.until[min(max(hour-t.from, 0), int64(len(t.until)-1))]
}
