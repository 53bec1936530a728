package web

import (
	"context"
	"slices"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// deafFrom is from when on nobody listening is told of an episode: shorter
// breaks are those of any connection, and the sources go back for what they
// missed.
const deafFrom = 5 * time.Minute

// heardLive is when a source was heard that the detectors hear, as far back as
// episodes are shown; nil where none is, so that nothing can be said of it.
func (s *site) heardLive(ctx context.Context, v *episodesView) (all []mention.Span, err error) {
	unheard, err := s.o.Store.Unheard(ctx)
	if err != nil {
		return nil, err
	}
	for _, src := range v.S.Sources {
		if !src.Live {
			continue
		}
		spans, err := s.o.Store.Heard(ctx, src.Name, v.Within)
		if err != nil {
			return nil, err
		}
		all = slices.Concat(all, unheard.Heard(store.Ear{Brand: v.A.Brand, Source: src.Name}, spans), upToNow(src, v.Now))
	}
	return union(all), nil
}

// deaf is what of an episode nobody listened in.
func deaf(in mention.Span, heard []mention.Span) []mention.Span {
	if len(heard) == 0 {
		return nil
	}
	return slices.DeleteFunc(gaps(heard, in), func(s mention.Span) bool { return s.To.Sub(s.From) < deafFrom })
}
