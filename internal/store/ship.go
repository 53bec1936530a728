package store

import (
	"context"
	"fmt"
	"time"

	"confianza/internal/mention"
)

// Delta changes what a receiver knows of one minute of one series: its number
// is to be added to those sent of that minute before.
type Delta struct {
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
	Minute                  time.Time // its start
	Slot                    int       // how many deltas of this minute were sent before
	N                       int64     // mentions; 0 says that the source was heard and nothing came, negative takes some back
}

// Shipment is what a receiver is to be sent next, oldest minute first.
type Shipment struct {
	Deltas  []Delta
	Skipped int64 // mentions that changed minutes from before the window: they are not sent, and told here once
	More    bool  // there was more than the limit
}

// longestWindow bounds for how long back quiet minutes are compared, in
// milliseconds: a source that tells of years at once shall not mark each hour.
const longestWindow = 31 * 24 * hourMS

// Ship makes the next shipment to a receiver: about limit deltas of minutes
// within a window. Until [Store.Arrived] it gives the same deltas again, also
// after a crash, so that a receiver that has some of them already is sent
// nothing twice: a sample of the same time and value changes nothing there.
//
// What is sent is the difference between the rollups and what was sent before,
// whoever caused it: late mentions, revisions, another scorer.
func (s *Store) Ship(ctx context.Context, receiver string, within mention.Span, limit int) (Shipment, error) {
	var sh Shipment
	err := s.inTx(ctx, "ship to "+receiver, func(t *tx) error {
		sh = Shipment{}
		l := loading{tx: t, limit: limit, from: ceil(within.From.UnixMilli(), minuteMS), to: floor(within.To.UnixMilli(), minuteMS)}
		var had int64
		known, err := t.find(`SELECT id, scorer FROM receiver WHERE name = ?`, []any{receiver}, &l.receiver, &had)
		if err != nil || !known {
			return fmt.Errorf("is a receiver: %t: %w", known, err)
		}
		if err := l.overdue(); err != nil {
			return fmt.Errorf("shipment under way: %w", err)
		}
		waiting, err := l.waiting()
		if err == nil && len(waiting) == 0 {
			if l.scorer, err = shown(t); err != nil {
				return err
			}
			if had != l.scorer {
				if err := l.change(within.From); err != nil {
					return fmt.Errorf("another scorer: %w", err)
				}
			}
			if err := l.load(); err != nil {
				return err
			}
			waiting, err = l.waiting()
		}
		sh = Shipment{waiting, l.skipped, l.loaded >= limit}
		return err
	})
	if err != nil {
		return Shipment{}, err
	}
	return sh, nil
}

// Arrived says that the shipment under way has reached its receiver, or never
// will.
func (s *Store) Arrived(ctx context.Context, receiver string) error {
	return s.inTx(ctx, "arrived at "+receiver, func(t *tx) error {
		var id int64
		if err := t.one(`SELECT id FROM receiver WHERE name = ?`, []any{receiver}, &id); err != nil {
			return err
		}
		return settle(t, id, `true`)
	})
}

// shown is the number of the scorer version whose rollups are read.
func shown(t *tx) (int64, error) {
	var id int64
	_, err := t.find(`SELECT coalesce((SELECT id FROM word WHERE text = `+shownScorer+`), 0)`, nil, &id)
	return id, err
}

// ceil divides towards the future.
func ceil(at, unit int64) int64 { return -floor(-at, unit) }

// settle adds deltas under way to what was sent, those that a condition
// selects.
func settle(t *tx, receiver int64, where string, args ...any) error {
	flown, err := flying(t, receiver, where, args...)
	if err != nil {
		return err
	}
	hours := map[tallyKey]*past{}
	for _, f := range flown {
		k := tallyKey{f.strand, floor(f.minute, 60)}
		if hours[k] == nil {
			if hours[k], err = sent(t, receiver, k); err != nil {
				return err
			}
		}
		i := f.minute - k.hour*60
		hours[k].minutes[i] += f.n
		hours[k].samples[i]++
	}
	for k, h := range hours {
		if err := h.keep(t, receiver, k); err != nil {
			return err
		}
	}
	_, err = t.exec(`DELETE FROM shipment WHERE receiver = ? AND `+where, append([]any{receiver}, args...)...)
	return err
}

// past is what a receiver has of an hour of one series.
type past struct{ minutes, samples hour }

func sent(t *tx, receiver int64, k tallyKey) (*past, error) {
	p := new(past)
	var minutes, samples []byte
	known, err := t.find(`SELECT minutes, samples FROM sent WHERE receiver = ? AND hour = ?
		AND brand = ? AND source = ? AND language = ? AND polarity = ? AND kind = ?`,
		[]any{receiver, k.hour, k.brand, k.source, k.language, k.polarity, k.kind}, &minutes, &samples)
	if err != nil || !known {
		return p, err
	}
	return p, p.unpack(minutes, samples)
}

func (p *past) unpack(minutes, samples []byte) error {
	if err := p.minutes.unpack(minutes); err != nil {
		return err
	}
	return p.samples.unpack(samples)
}

func (p *past) keep(t *tx, receiver int64, k tallyKey) error {
	_, err := t.exec(`INSERT INTO sent (receiver, hour, brand, source, language, polarity, kind, minutes, samples)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET minutes = excluded.minutes, samples = excluded.samples`,
		receiver, k.hour, k.brand, k.source, k.language, k.polarity, k.kind, p.minutes.pack(), p.samples.pack())
	return err
}
