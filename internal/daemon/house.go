package daemon

import (
	"context"
	"time"

	"confianza/dashboards/web"
	"confianza/internal/store"
)

// keepHouse does what is due by the clock.
func (s *shift) keepHouse(ctx context.Context) error {
	lag, hour := time.NewTicker(5*time.Second), time.NewTicker(time.Hour)
	defer lag.Stop()
	defer hour.Stop()
	due := s.d.o.Tidy
	if due == nil {
		due = hour.C
	}
	if err := s.gauge(ctx, time.Now()); err != nil {
		return err
	}
	if err := s.tidy(ctx); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-lag.C:
			if err := s.gauge(ctx, now); err != nil {
				return err
			}
		case <-due:
			if err := s.tidy(ctx); err != nil {
				return err
			}
		}
	}
}

// tidy erases what is past its retention, and forgets deletions that no source
// can replay any more. It waits while the clock may have jumped: see
// docs/decisions/0017-a-clock-that-jumped.md.
func (s *shift) tidy(ctx context.Context) error {
	leap, err := s.d.store.Steady(ctx)
	if err != nil {
		return err
	}
	s.d.leapt(leap)
	if leap.Wait > 0 {
		s.log.Warn("nothing is erased: the clock was far from its last reading, and must run on first",
			"from", leap.From, "to", leap.To, "for", leap.Wait.Round(time.Minute))
		return nil
	}
	for _, e := range catalog() {
		keep := s.config.Kept(e.name)
		if keep == 0 {
			continue
		}
		n, err := s.d.store.Retain(ctx, e.name, s.d.o.Now().Add(-keep))
		if err != nil {
			return err
		}
		if n > 0 {
			s.log.Info("texts past their retention erased", "source", e.name, "posts", n)
		}
	}
	_, err = s.d.store.Prune(ctx)
	return err
}

// leapt keeps for the page and the metrics whether the clock jumped.
func (d *Daemon) leapt(l store.Leap) {
	d.metrics.ClockDoubted(l.Wait > 0)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.clock = (web.Clock{}); l.Wait > 0 {
		d.clock = web.Clock{From: l.From, To: l.To, Until: d.o.Now().Add(l.Wait)}
	}
}
