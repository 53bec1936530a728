package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"confianza/analysis/drops"
	"confianza/analysis/spikes"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// memory is what is kept of a brand over a restart.
type memory struct {
	Next   int64            `json:"next"`
	Spikes *spikes.Detector `json:"spikes"`
	Drops  *drops.Detector  `json:"drops"`
	Burst  spikes.Finding   `json:"burst"` // of the newest bin
}

func noteName(brand string) string { return "watch/" + brand }

func (b *brand) memory() ([]byte, error) {
	return json.Marshal(memory{b.next, b.spikes, b.drops, b.burst})
}

// load takes up every brand where it was left, or where its past begins.
func (w *Watch) load(ctx context.Context) error {
	begin, err := w.begin(ctx)
	if err != nil {
		return err
	}
	w.all = []*brand{}
	for _, name := range w.Brands {
		b := &brand{name: name, turn: turnOf(name), writes: map[int64]*store.FoundHour{}}
		m := memory{Next: begin, Spikes: new(spikes.Detector), Drops: new(drops.Detector)}
		note, err := w.Store.Note(ctx, noteName(name))
		if err != nil {
			return err
		}
		if len(note) > 0 {
			if err := json.Unmarshal(note, &m); err != nil {
				return fmt.Errorf("watch: what is remembered of %s is damaged: %w", name, err)
			}
		}
		b.next, b.spikes, b.drops, b.burst = max(m.Next, begin), m.Spikes, m.Drops, m.Burst
		w.all = append(w.all, b)
	}
	return nil
}

// begin is the minute from which something was heard, fifteen days ago at most.
func (w *Watch) begin(ctx context.Context) (int64, error) {
	now := w.now()
	begin := now.Unix()/60 - settle
	for _, source := range w.Sources {
		spans, err := w.Store.Heard(ctx, source, mention.Span{From: now.Add(-first * time.Minute), To: now})
		if err != nil {
			return 0, err
		}
		if len(spans) > 0 {
			begin = min(begin, spans[0].From.Unix()/60)
		}
	}
	return begin, nil
}
