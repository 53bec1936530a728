package daemon

import (
	"slices"

	"confianza/internal/watch"
)

// watcher makes what has the detectors listen ready, for the brands and the
// live sources of this shift.
func (s *shift) watcher() *watch.Watch {
	s.d.metrics.Unwatched()
	w := &watch.Watch{Store: s.d.store, Metrics: s.d.metrics, Log: s.log, Brands: s.config.BrandNames(), Now: s.d.o.Now, Every: s.d.o.Evaluate}
	for _, e := range catalog() {
		if e.live && slices.ContainsFunc(s.sources, func(src *source) bool { return src.Source == e.name }) {
			w.Sources = append(w.Sources, e.name)
		}
	}
	return w
}
