package series

import (
	"context"
	"fmt"
	"math"

	"confianza/internal/store"
)

// spikeScore, dropScore and episodes are what the detectors said in each
// minute, as they said it then: what came later changes none of it.
func spikeScore() family {
	return scoreFamily("confianza_spike_score", "How unusual the brand's volume is among its last fourteen days: 2 is beyond 99 %, 3 beyond 99.9 %. "+
		"Of the newest bin of five minutes that has closed.", func(f store.Found) float64 { return f.Spike })
}

func dropScore() family {
	return scoreFamily("confianza_drop_score", "How far the feeling is below that of the hours before, in deviations; somebody is called beyond 3.9.",
		func(f store.Found) float64 { return f.Drop })
}

func scoreFamily(metric, help string, pick func(store.Found) float64) family {
	return family{Metric{metric, help, []string{"brand"}}, func(_ context.Context, v *view) ([]line, error) {
		var all []line
		for _, brand := range v.brands() {
			all = append(all, line{labels: name(metric, "brand", brand), open: openFindings(brand, pick)})
		}
		return all, nil
	}}
}

// kinds are the kinds of episode.
var kinds = []struct {
	name string
	open func(store.Found) bool
}{
	{"volume", func(f store.Found) bool { return f.Burst }},
	{"drop", func(f store.Found) bool { return f.Dropped }},
	{"rise", func(f store.Found) bool { return f.Risen }},
}

func episodes() family {
	const metric = "confianza_episode_open"
	return family{
		Metric{metric, "1 while an episode of the kind (volume, drop, rise) was open, 0 while none was: what alerts are for.", []string{"brand", "kind"}},
		func(_ context.Context, v *view) ([]line, error) {
			var all []line
			for _, brand := range v.brands() {
				for _, k := range kinds {
					all = append(all, line{labels: name(metric, "brand", brand, "kind", k.name), open: openFindings(brand, func(f store.Found) float64 {
						if k.open(f) {
							return 1
						}
						return 0
					})})
				}
			}
			return all, nil
		},
	}
}

func openFindings(brand string, pick func(store.Found) float64) func(ctx context.Context, v *view, w window) (values, error) {
	return func(ctx context.Context, v *view, w window) (values, error) {
		f := &findings{hours: map[int64]*store.FoundHour{}, last: math.MinInt64, pick: pick}
		err := v.snap.Findings(ctx, brand, floor(w.from, hour), floor(w.to, hour), func(hour int64, h *store.FoundHour) {
			kept := *h
			f.hours[hour], f.last = &kept, hour
		})
		if err != nil {
			return nil, fmt.Errorf("findings of %s: %w", brand, err)
		}
		return f, nil
	}
}

// findings are the values of one of these series.
type findings struct {
	hours map[int64]*store.FoundHour
	last  int64 // of the hours
	pick  func(store.Found) float64
}

func (f *findings) at(m int64) (float64, bool) {
	h := f.hours[floor(m, 60)]
	if h == nil || !h[m-60*floor(m, 60)].Said {
		return 0, false
	}
	v := f.pick(h[m-60*floor(m, 60)])
	return v, v == v
}

// next steps over hours of which nothing was said.
func (f *findings) next(m int64) int64 {
	for hour := floor(m, 60); hour <= f.last; hour++ {
		if f.hours[hour] != nil {
			return max(m, 60*hour)
		}
	}
	return math.MaxInt64
}

func (*findings) err() error { return nil }
