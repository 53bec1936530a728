package series

import (
	"context"
	"maps"
	"slices"
)

// listening tells for each minute whether a source was heard.
func listening() family {
	return family{
		Metric{"confianza_listening", "1 when the source was heard all through the minute, 0 when it was not; " +
			"absent before it was first heard, while what it said may still be on its way, and for files, which hear nobody.",
			[]string{"source"}},
		func(_ context.Context, v *view) ([]line, error) {
			configured := v.o.Sources()
			var all []line
			for _, source := range slices.Sorted(maps.Keys(v.sources)) {
				ears := ears{heard: v.sources[source]}
				if last, ok := ears.heard.ends(); ok {
					ears.until = last
				}
				if slices.Contains(configured, source) {
					ears.until = max(ears.until, v.deafFrom(source))
				}
				all = append(all, line{labels: name("confianza_listening", "source", source), source: source,
					open: func(context.Context, *view, window) (values, error) { return ears, nil }})
			}
			return all, nil
		},
	}
}

// ears are the values of a source's listening.
type ears struct {
	heard *heard
	until int64 // the first minute of which nothing is known
}

func (e ears) at(m int64) (float64, bool) {
	switch {
	case e.heard.any(m, m+1):
		return 1, true
	case len(e.heard.stretches) == 0 || m < e.heard.stretches[0].from || m >= e.until:
		return 0, false
	}
	return 0, true
}

func (ears) err() error { return nil }
