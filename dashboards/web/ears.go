package web

import (
	"context"
	"slices"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// fresh is how far a listening source may be behind and still count as
// listening up to now: what it reads in rounds is complete only until the last
// of them.
const fresh = 30 * time.Minute

// ear is a source as the page shows it.
type ear struct {
	Source
	First time.Time // since when it has been listening at all; zero for never
	Share float64   // of the window, 0 to 1
	Strip []band    // when in the window
}

// listen finds when each source of the present was listening, and when any
// source was, those counted but since removed included.
func (s *site) listen(ctx context.Context, v *view, counts []store.Count) error {
	unheard, err := s.o.Store.Unheard(ctx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, src := range v.S.Sources {
		spans, err := s.heard(ctx, src, v, unheard)
		if err != nil {
			return err
		}
		named[src.Name], v.heard = true, append(v.heard, spans...)
		e := ear{Source: src, Share: share(spans, v.Within)}
		if len(spans) > 0 {
			e.First, e.Strip = spans[0].From, bands(clip(spans, v.Within), v.Within)
		}
		v.Ears = append(v.Ears, e)
	}
	for _, c := range counts {
		if named[c.Source] {
			continue
		}
		spans, err := s.heard(ctx, Source{Name: c.Source}, v, unheard)
		if err != nil {
			return err
		}
		named[c.Source], v.heard = true, append(v.heard, spans...)
	}
	v.heard = union(v.heard)
	v.Heard = share(v.heard, v.Within)
	return nil
}

// heard is when a source was listening for the chosen brand, from its first day
// until now; sorted and disjoint.
func (s *site) heard(ctx context.Context, src Source, v *view, unheard store.Unheard) ([]mention.Span, error) {
	spans, err := s.o.Store.Heard(ctx, src.Name, mention.Span{From: beginning, To: v.Now})
	if err != nil {
		return nil, err
	}
	return union(append(unheard.Heard(store.Ear{Brand: v.C.Brand, Source: src.Name}, spans), upToNow(src, v.Now)...)), nil
}

// upToNow is what a source that is listening has not finished reading.
func upToNow(src Source, now time.Time) []mention.Span {
	if src.Phase == "listening" && !src.Heard.IsZero() && now.Sub(src.Heard) <= fresh {
		return []mention.Span{{From: src.Heard, To: now}}
	}
	return nil
}

// Listening is how many sources are heard now.
func (v *view) Listening() int64 {
	n := 0
	for _, e := range v.Ears {
		if e.Phase == "listening" {
			n++
		}
	}
	return int64(n)
}

// Deaf tells that no source is heard now, nor about to be, nor done. A folder of
// files hears nobody, and does not hide that of others.
func (v *view) Deaf() bool {
	brings := func(s Source) bool { return s.Brings }
	hears := slices.DeleteFunc(slices.Clone(v.S.Sources), brings)
	if len(hears) == 0 {
		hears = v.S.Sources // nothing else is configured, nor missed
	}
	return !slices.ContainsFunc(hears, func(s Source) bool {
		return slices.Contains([]string{"listening", "starting", "finished"}, s.Phase)
	})
}

// Down are the sources that a person may have to do something about.
func (v *view) Down() []ear {
	return slices.DeleteFunc(slices.Clone(v.Ears), func(e ear) bool {
		return !slices.Contains([]string{"waiting", "rejected", "throttled"}, e.Phase)
	})
}
