package watch

import (
	"context"
	"math"
	"time"

	"confianza/analysis/drops"
	"confianza/internal/mention"
	"confianza/internal/store"
)

var none = math.NaN()

// heard is what was counted in a stretch of time.
type heard struct {
	minutes map[at]drops.Minute
	crowds  map[at]int64              // authors in a bin
	spans   map[string][]mention.Span // that some source was heard in for a brand
}

// hear reads what the minutes [from, to) need.
func (w *Watch) hear(ctx context.Context, from, to int64) (*heard, error) {
	h := &heard{minutes: map[at]drops.Minute{}, crowds: map[at]int64{}}
	if len(w.Sources) == 0 {
		return h, nil
	}
	counts, err := w.Store.Counts(ctx, store.CountQuery{Span: span(from-corrected, to), Step: time.Minute, Sources: w.Sources})
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		if c.Kind == mention.News || c.Kind == mention.BrandOwn {
			continue // what is not known to be either is taken for opinion
		}
		key := at{c.Brand, c.At.Unix() / 60}
		m, n := h.minutes[key], float64(c.N)
		switch c.Polarity {
		case mention.Positive:
			m.Positive += n
		case mention.Neutral:
			m.Neutral += n
		case mention.Negative:
			m.Negative += n
		}
		h.minutes[key] = m
	}
	if firstBin, lastBin := (from+1-binSettle+4)/5-1, (to-binSettle)/5-1; firstBin <= lastBin {
		return h, w.crowd(ctx, h, 5*firstBin, 5*lastBin+5)
	}
	return h, nil
}

// crowd reads the bins of some minutes, and when sources were heard in them.
func (w *Watch) crowd(ctx context.Context, h *heard, from, to int64) error {
	crowds, err := w.Store.Crowds(ctx, span(from, to), w.Sources)
	if err != nil {
		return err
	}
	for _, c := range crowds {
		h.crowds[at{c.Brand, c.Bin}] = c.N
	}
	h.spans, err = w.ears(ctx, from, to)
	return err
}

// ears are the stretches of the minutes [from, to) in which brands were
// listened for, by some source or other.
func (w *Watch) ears(ctx context.Context, from, to int64) (map[string][]mention.Span, error) {
	unheard, err := w.Store.Unheard(ctx)
	if err != nil {
		return nil, err
	}
	ears := map[string][]mention.Span{}
	for _, source := range w.Sources {
		spans, err := w.Store.Heard(ctx, source, span(from, to))
		if err != nil {
			return nil, err
		}
		for _, b := range w.all {
			ears[b.name] = append(ears[b.name], unheard.Heard(store.Ear{Brand: b.name, Source: source}, spans)...)
		}
	}
	return ears, nil
}

// until is the minute before which all that was said has been heard: that of
// the source that is farthest. Where nothing is heard nothing is told, and what
// is heard later is told in its order. 0 when nothing ever was.
func (w *Watch) until(ctx context.Context) (end int64, err error) {
	now := w.now().Unix() / 60
	for _, source := range w.Sources {
		spans, err := w.Store.Heard(ctx, source, span(now-first, now))
		if err != nil {
			return 0, err
		}
		if n := len(spans); n > 0 {
			end = max(end, spans[n-1].To.Unix()/60)
		}
	}
	return min(end, now-settle), nil
}

// whole tells whether a brand was listened for all through a bin.
func (h *heard) whole(brand string, bin int64) bool {
	s := span(5*bin, 5*bin+5)
	for _, heard := range h.spans[brand] {
		if !heard.From.After(s.From) && !heard.To.Before(s.To) {
			return true
		}
	}
	return false
}

// correct tells the detectors of bins that changed since they were told: what
// came late, was deleted, or was not heard then and is now.
func (w *Watch) correct(ctx context.Context, to int64) error {
	if len(w.Sources) == 0 {
		return nil
	}
	h := &heard{crowds: map[at]int64{}}
	from := (to - again) / 5 * 5
	if err := w.crowd(ctx, h, from, to/5*5); err != nil {
		return err
	}
	for bin := from / 5; bin < to/5; bin++ {
		for _, b := range w.all {
			if h.whole(b.name, bin) {
				b.spikes.Correct(bin, float64(h.crowds[at{b.name, bin}]))
			}
		}
	}
	return nil
}
