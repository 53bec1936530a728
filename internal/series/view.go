package series

import (
	"context"
	"math"
	"slices"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// view is all that one query sees: a snapshot, and what is configured now.
type view struct {
	o       Options
	snap    *store.Snapshot
	now     int64                     // the minute that is under way
	sources map[string]*heard         // each that was ever heard, or is configured
	series  []store.Series            // of the rollups
	unheard store.Unheard             // when brands were not listened for
	spans   map[string][]mention.Span // that each source was heard in
	tones   map[toneKey]*tone         // read so far
}

func (q *Queryable) look(ctx context.Context) (*view, error) {
	snap, err := q.o.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	v := &view{o: q.o, snap: snap, now: minuteOf(q.o.Now().UnixMilli()), sources: map[string]*heard{}, tones: map[toneKey]*tone{}}
	if err := v.load(ctx); err != nil {
		snap.Close() // nothing was written; err says what is wrong
		return nil, err
	}
	return v, nil
}

func (v *view) load(ctx context.Context) (err error) {
	if v.series, err = v.snap.Series(ctx); err != nil {
		return err
	}
	if v.spans, err = v.snap.Heard(ctx); err != nil {
		return err
	}
	if v.unheard, err = v.snap.Unheard(ctx); err != nil {
		return err
	}
	for source, spans := range v.spans {
		v.sources[source] = newHeard(spans)
	}
	for _, source := range v.o.Sources() {
		if v.sources[source] == nil {
			v.sources[source] = new(heard)
		}
	}
	return nil
}

// heard is what a source was heard for a brand.
func (v *view) heard(brand, source string) *heard {
	e := store.Ear{Brand: brand, Source: source}
	if len(v.unheard[e]) == 0 {
		return v.sources[source]
	}
	return newHeard(v.unheard.Heard(e, v.spans[source]))
}

// brands are those that are configured or were ever named.
func (v *view) brands() []string {
	all := slices.Clone(v.o.Brands())
	for _, s := range v.series {
		all = append(all, s.Brand)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// heard are the minutes a source was heard in from beginning to end: half a
// minute proves nothing. Stretches are [from, to) in minutes, apart from each
// other, oldest first.
type heard struct{ stretches []stretch }

type stretch struct{ from, to int64 }

func newHeard(spans []mention.Span) *heard {
	h := new(heard)
	for _, s := range spans {
		from, to := floor(s.From.UnixMilli()+minute-1, minute), floor(s.To.UnixMilli(), minute)
		if from >= to {
			continue
		}
		if n := len(h.stretches); n > 0 && h.stretches[n-1].to == from {
			h.stretches[n-1].to = to
			continue
		}
		h.stretches = append(h.stretches, stretch{from, to})
	}
	return h
}

// next is the first minute heard from m on.
func (h *heard) next(m int64) int64 {
	i := h.after(m)
	if i == len(h.stretches) {
		return math.MaxInt64
	}
	return max(m, h.stretches[i].from)
}

// after is the first stretch that ends after m.
func (h *heard) after(m int64) int {
	i, _ := slices.BinarySearchFunc(h.stretches, m, func(s stretch, m int64) int {
		if s.to <= m {
			return -1
		}
		return 1
	})
	return i
}

// any tells whether some minute of [from, to) was heard.
func (h *heard) any(from, to int64) bool {
	if from >= to {
		return false
	}
	i := h.after(from)
	return i < len(h.stretches) && h.stretches[i].from < to
}

// ends is the minute after the last one heard; ok is false when there is none.
func (h *heard) ends() (minute int64, ok bool) {
	if len(h.stretches) == 0 {
		return 0, false
	}
	return h.stretches[len(h.stretches)-1].to, true
}

// deafFrom is the minute from which silence is no delay any more.
func (v *view) deafFrom(source string) int64 {
	from := v.now - int64(v.o.Patient(source)/time.Minute)
	if last, ok := v.sources[source].ends(); ok {
		from = max(from, last)
	}
	return from
}
