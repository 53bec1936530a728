package search

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// Whatever the posts, the size of an answer and the moment of a kill: a span
// ends with every post of it delivered, and with all of it called complete.
func TestSpanIsDeliveredWholeWhateverKillsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.SliceOfNDistinct(rapid.IntRange(0, 86399), 0, 60, rapid.ID[int]).Draw(t, "seconds")
		b := &box{cap: rapid.IntRange(2, 9).Draw(t, "cap")}
		for _, n := range seconds {
			b.posts = append(b.posts, said("Acme", 48*time.Hour-time.Duration(n)*time.Second))
		}
		span := &Stretch{noon.Add(-48 * time.Hour), noon.Add(-24 * time.Hour)}
		kept := map[string]bool{}
		cursor, covered, killed := collectors.Cursor(""), span.From, errors.New("killed")
		for done := false; !done; {
			s := b.search()
			s.Unit, s.Settle, s.Span = time.Second, time.Second, span
			clocked(s, noon, noon.Add(time.Hour))
			left := rapid.IntRange(1, 9).Draw(t, "batches until it is killed")
			var rec collectortest.Recorder
			err := s.Collect(t.Context(), cursor, wants("Acme"), func(ctx context.Context, batch collectors.Batch) error {
				if left--; left < 0 {
					return killed
				}
				return rec.Deliver(ctx, batch)
			})
			if err != nil && err != killed {
				t.Fatal(err)
			}
			done = err == nil
			for _, batch := range rec.Batches() {
				cursor = batch.Next
				if !batch.Since.Equal(covered) {
					t.Fatalf("complete until %s, then from %s", covered, batch.Since)
				}
				covered = batch.Until
			}
			for native := range natives(rec.Posts()) {
				kept[native] = true
			}
		}
		if len(kept) != len(seconds) || !covered.Equal(span.To) {
			t.Fatalf("%d of %d posts, complete until %s", len(kept), len(seconds), covered)
		}
	})
}
