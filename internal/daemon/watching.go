package daemon

import "confianza/internal/watch"

// watcher makes what has the detectors listen ready, for the brands and the
// live sources of this shift.
func (s *shift) watcher() *watch.Watch {
	s.d.metrics.Unwatched()
	return &watch.Watch{Store: s.d.store, Metrics: s.d.metrics, Log: s.log, Brands: s.config.BrandNames(), Sources: s.live(), Now: s.d.o.Now, Every: s.d.o.Evaluate}
}

// live are the sources of this shift that tell at once what is said.
func (s *shift) live() (names []string) {
	for _, src := range s.sources {
		if entryOf(src.Source).live {
			names = append(names, src.Source)
		}
	}
	return names
}
