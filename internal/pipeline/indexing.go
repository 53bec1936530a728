package pipeline

import (
	"context"
	"time"

	"confianza/internal/metrics"
	"confianza/internal/store"
)

// StageIndex is the name of the stage that makes texts searchable.
const StageIndex = "index"

const (
	indexBatch = 2000
	indexRest  = 5 * time.Second
)

// Index makes texts searchable until ctx ends, behind intake and scoring.
func Index(ctx context.Context, s *store.Store, m *metrics.Metrics) error {
	for {
		start := time.Now()
		n, err := s.Index(ctx, indexBatch)
		if err != nil {
			return err
		}
		pending, err := s.Pending(ctx, StageIndex)
		if err != nil {
			return err
		}
		m.Pending(StageIndex, pending)
		if n > 0 {
			m.Stage(StageIndex, time.Since(start))
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(indexRest):
		}
	}
}
