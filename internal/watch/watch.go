// Package watch has the detectors listen to what the store counts.
//
// Each minute it tells every brand's detectors of the minutes and bins that
// have closed since, at event time, and keeps what they find, and what they
// remember, in one transaction. What it finds depends on what was counted, not
// on when it looked: after a restart it goes on where it was, and minutes that
// are old by then teach the detectors and open no episode.
//
// It leaves to the rules who is called for an episode, and to package series
// how findings are asked for.
package watch

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"confianza/analysis/drops"
	"confianza/analysis/spikes"
	"confianza/internal/mention"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// Times of closing and looking back, in minutes.
const (
	settle    = 1            // after its end a minute is looked at
	binSettle = 2            // minutes that are looked at after a bin's end before it is: three minutes after its end it is told
	stale     = 60           // after its end what is told is late
	corrected = 10           // minutes of feeling that are read again each minute
	again     = 6 * 60       // minutes of bins that are read again each hour
	stretch   = 6 * 60       // minutes read at once when much is to be caught up
	first     = 15 * 24 * 60 // how far back a brand without any memory begins
)

// Watch watches brands over a store.
type Watch struct {
	Store   *store.Store
	Metrics *metrics.Metrics
	Log     *slog.Logger
	Brands  []string
	Sources []string         // those that tell at once: what is polled comes in heaps, which are no bursts
	Now     func() time.Time // nil is the clock
	Every   time.Duration    // between looks; 0 is a minute

	all []*brand
}

// brand is one brand's detectors.
type brand struct {
	name   string
	next   int64 // the minute to be told next: Unix time / 60
	spikes *spikes.Detector
	drops  *drops.Detector
	burst  spikes.Finding // of the newest bin
	hour   int64          // of found
	found  *store.FoundHour
	turn   int64 // minute of the hour its memory is kept in
	called bool  // since it was last kept
	writes map[int64]*store.FoundHour
}

// Run watches until ctx ends, and keeps what is remembered then.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(cmp.Or(w.Every, time.Minute))
	defer tick.Stop()
	for {
		if err := w.Tick(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			w.leave(ctx)
			return nil
		case <-tick.C:
		}
	}
}

// leave keeps what is remembered at the end. Where it cannot, the next start
// goes back an hour at most, and finds the same.
func (w *Watch) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := w.keep(ctx, w.all); err != nil {
		w.Log.Warn("what the detectors remember could not be kept; the last hour is gone through again", "why", err)
	}
}

func (w *Watch) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}

// Tick tells the detectors of all that has closed.
func (w *Watch) Tick(ctx context.Context) error {
	if w.all == nil {
		if err := w.load(ctx); err != nil {
			return err
		}
	}
	end, err := w.until(ctx)
	if err != nil {
		return err
	}
	if err := w.begin(ctx, end); err != nil {
		return err
	}
	for ctx.Err() == nil {
		from := end
		for _, b := range w.all {
			if b.next != 0 {
				from = min(from, b.next)
			}
		}
		if from >= end {
			return nil
		}
		if err := w.advance(ctx, from, min(end, from+stretch)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// advance tells of the minutes [from, to).
func (w *Watch) advance(ctx context.Context, from, to int64) error {
	h, err := w.hear(ctx, from, to)
	if err != nil {
		return err
	}
	oldest := w.now().Unix()/60 - stale
	var due []*brand
	for _, b := range w.all {
		if b.next == 0 {
			continue // never listened for yet
		}
		for minute := max(from, b.next) - corrected; minute < b.next; minute++ {
			b.drops.Correct(minute, h.minutes[at{b.name, minute}])
		}
		keep := to-from >= stretch
		for b.next < to {
			if err := w.step(ctx, b, h, b.next+1 < oldest); err != nil {
				return err
			}
			keep = keep || b.next%60 == b.turn
		}
		if keep || b.called {
			due = append(due, b)
		}
	}
	if from/60 != to/60 { // once an hour
		if err := w.correct(ctx, to); err != nil {
			return err
		}
	}
	return w.keep(ctx, due)
}

// step tells a brand's detectors of one minute.
func (w *Watch) step(ctx context.Context, b *brand, h *heard, late bool) error {
	minute := b.next
	if closes := minute + 1 - binSettle; closes%5 == 0 {
		if bin := closes/5 - 1; h.whole(b.name, bin) {
			b.burst = b.spikes.Add(bin, float64(h.crowds[at{b.name, bin}]), late)
			w.tell(b, "volume", string(b.burst.Call), minute)
		}
	}
	f := b.drops.Add(minute, h.minutes[at{b.name, minute}], late)
	w.tell(b, "drop", string(f.Call), minute)
	w.tell(b, "rise", string(f.Notice), minute)
	if err := w.note(ctx, b, minute, said(b.burst, f)); err != nil {
		return err
	}
	b.next++
	return nil
}

// said puts two findings into one minute's.
func said(s spikes.Finding, d drops.Finding) store.Found {
	f := store.Found{Said: true, Spike: none, Drop: none, Burst: s.Open, Dropped: d.Dropped, Risen: d.Risen}
	if s.Known {
		f.Spike = s.Score
	}
	if d.Known {
		f.Drop = d.Drop
	}
	return f
}

// note writes a minute's findings down.
func (w *Watch) note(ctx context.Context, b *brand, minute int64, f store.Found) error {
	if hour := minute / 60; b.found == nil || b.hour != hour {
		h, err := w.Store.Found(ctx, b.name, hour)
		if err != nil {
			return err
		}
		b.hour, b.found = hour, &h
	}
	b.found[minute%60] = f
	b.writes[b.hour] = b.found
	w.Metrics.Watched(b.name, f.Spike, f.Drop, b.burst.Growth, map[string]bool{"volume": f.Burst, "drop": f.Dropped, "rise": f.Risen})
	return nil
}

func (w *Watch) tell(b *brand, kind, call string, minute int64) {
	if call == "" {
		return
	}
	b.called = true
	w.Log.Info("an episode", "brand", b.name, "kind", kind, "what", call, "minute", time.Unix(minute*60, 0).UTC())
}

// keep writes what was found of all brands, and what some of them remember.
func (w *Watch) keep(ctx context.Context, due []*brand) error {
	var found []store.Finding
	for _, b := range w.all {
		for hour, h := range b.writes {
			found = append(found, store.Finding{Brand: b.name, Hour: hour, Found: h})
		}
	}
	notes := map[string][]byte{}
	for _, b := range due {
		value, err := b.memory()
		if err != nil {
			return err
		}
		notes[noteName(b.name)] = value
	}
	if len(found) == 0 && len(notes) == 0 {
		return nil
	}
	if err := w.Store.Keep(ctx, found, notes); err != nil {
		return err
	}
	for _, b := range w.all {
		clear(b.writes)
	}
	for _, b := range due {
		b.called = false
	}
	return nil
}

// turnOf spreads over the hour when brands are kept.
func turnOf(name string) (turn int64) {
	for _, c := range []byte(name) {
		turn = (31*turn + int64(c)) % 60
	}
	return turn
}

// at is a brand at a number: a minute's or a bin's.
type at struct {
	brand  string
	number int64
}

// span is the time of the minutes [from, to).
func span(from, to int64) mention.Span {
	return mention.Span{From: time.Unix(from*60, 0).UTC(), To: time.Unix(to*60, 0).UTC()}
}
