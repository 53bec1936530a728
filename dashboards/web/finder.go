package web

import (
	"math"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// finder makes episodes of minutes. What a detector held open is one episode,
// over stretches in which it heard nothing too: whether it went on then nobody
// knows. Where nobody looked at all, there was none to hold it.
type finder struct {
	v     *episodesView
	open  map[string]*episode
	all   []episode
	since time.Time
	next  time.Time // the minute after the last that was looked at
}

func (f *finder) hour(hour int64, h *store.FoundHour) {
	for i, m := range h {
		at := time.Unix(hour*3600+int64(i)*60, 0).UTC()
		if !m.Said || at.Before(f.v.Within.From) {
			continue
		}
		if f.since.IsZero() {
			f.since = at
		}
		if !f.next.Equal(at) {
			f.cut()
		}
		f.next = at.Add(time.Minute)
		f.minute("volume", m.Burst, m.Spike, at)
		f.minute("drop", m.Dropped, m.Drop, at)
		f.minute("rise", m.Risen, math.NaN(), at)
	}
}

func (f *finder) minute(kind string, open bool, score float64, at time.Time) {
	e := f.open[kind]
	switch {
	case open && e == nil:
		e = &episode{L: f.v.L, Kind: kind, Span: mention.Span{From: at}, link: f.v.A}
		f.open[kind] = e
	case !open && e != nil:
		f.all = append(f.all, *e)
		delete(f.open, kind)
		return
	case !open:
		return
	}
	e.To = at.Add(time.Minute)
	if score > e.Peak { // not for NaN
		e.Peak = score
	}
}

// cut ends what was open when nobody looked any more.
func (f *finder) cut() {
	for _, kind := range episodeKinds {
		if e := f.open[kind]; e != nil {
			f.all = append(f.all, *e)
			delete(f.open, kind)
		}
	}
}

// end leaves the episodes open that were still at the last minute looked at.
func (f *finder) end(now time.Time) {
	for _, kind := range episodeKinds {
		if e := f.open[kind]; e != nil {
			e.Open = now.Sub(e.To) < 15*time.Minute
			f.all = append(f.all, *e)
		}
	}
}
