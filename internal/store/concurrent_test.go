package store_test

import (
	"fmt"
	"sync"
	"testing"

	"confianza/internal/store"
)

// A mention is committed on one connection and read on another, while the
// names of its labels are in memory: no reader may find it nameless.
func TestReadersSeeWholeMentionsWhileOthersAreAdded(t *testing.T) {
	s := open(t, t.TempDir())
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: 1})
				if err != nil {
					t.Error(err)
					return
				}
				for _, m := range ms {
					if m.Source == "" || m.Form == "" || len(m.Brands) != 1 || m.Text == "" {
						t.Errorf("got half a mention: %+v", m)
						return
					}
				}
			}
		})
	}
	for i := range 500 {
		ms := some(s, i, 1, noon)
		ms[0].Form = fmt.Sprint("form ", i)
		if _, err := s.Add(t.Context(), store.Intake{Source: fmt.Sprint("net", i), Mentions: ms}); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
}
