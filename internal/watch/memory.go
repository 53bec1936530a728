package watch

import (
	"context"
	"encoding/json"
	"fmt"

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

// load takes up every brand where it was left. One without a memory begins
// where its past does, see [Watch.begin].
func (w *Watch) load(ctx context.Context) error {
	w.all = []*brand{}
	for _, name := range w.Brands {
		m := memory{Spikes: new(spikes.Detector), Drops: new(drops.Detector)}
		note, err := w.Store.Note(ctx, noteName(name))
		if err != nil {
			return err
		}
		if len(note) > 0 {
			if err := json.Unmarshal(note, &m); err != nil {
				return fmt.Errorf("watch: what is remembered of %s is damaged: %w", name, err)
			}
		}
		w.all = append(w.all, &brand{name: name, turn: turnOf(name), writes: map[int64]*store.FoundHour{},
			next: m.Next, spikes: m.Spikes, drops: m.Drops, burst: m.Burst})
	}
	return nil
}

// begin sets those without a memory to where they were first listened for,
// fifteen days ago at most, and nobody farther back than that.
func (w *Watch) begin(ctx context.Context, end int64) error {
	farthest := end - first
	var ears map[string][]mention.Span
	for _, b := range w.all {
		if b.next == 0 && ears == nil {
			var err error
			if ears, err = w.ears(ctx, farthest, end); err != nil {
				return err
			}
		}
		if b.next == 0 && len(ears[b.name]) > 0 {
			b.next = end
			for _, s := range ears[b.name] {
				b.next = min(b.next, s.From.Unix()/60)
			}
		}
		if b.next != 0 {
			b.next = max(b.next, farthest)
		}
	}
	return nil
}
