package daemon

import (
	"context"
	"time"

	"confianza/internal/pipeline"
)

// gauges is what only looking tells: nobody says that nothing happens.
type gauges struct {
	arrivals pipeline.Arrivals
	roomless bool // the disk could not be asked; said once
}

// gauge sets the metrics that change while nothing happens.
func (s *shift) gauge(ctx context.Context, now time.Time) error {
	for _, src := range s.sources {
		if heard := src.lastHeard(); !heard.IsZero() {
			s.d.metrics.Lag(src.Source, now.Sub(heard))
		}
	}
	s.room()
	return s.waiting(ctx, now)
}

// room says how full the disk is.
func (s *shift) room() {
	r, err := s.d.store.Room()
	if err != nil {
		if !s.d.gauges.roomless {
			s.log.Warn("how full the disk is cannot be told", "why", err)
		}
		s.d.gauges.roomless = true
		return
	}
	s.d.gauges.roomless = false
	s.d.metrics.Room(r.Size, r.Free, r.Disk)
}

// waiting says how long each stage lets mentions wait, even a stage that
// stands still itself.
func (s *shift) waiting(ctx context.Context, now time.Time) error {
	end, err := s.d.store.End(ctx)
	if err != nil {
		return err
	}
	s.d.gauges.arrivals.Note(end, now)
	done := end
	for _, stage := range pipeline.Stages() {
		pending, err := s.d.store.PendingTo(ctx, stage, end)
		if err != nil {
			return err
		}
		s.d.metrics.Pending(stage, pending)
		s.d.metrics.Waited(stage, s.d.gauges.arrivals.Waited(end-pending, now))
		done = min(done, end-pending)
	}
	s.d.gauges.arrivals.Forget(done)
	return nil
}
