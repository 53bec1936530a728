package series

import (
	"context"
	"maps"
	"slices"
)

// incidents say when a brand's incident began, as the configuration has it: the
// same value at each minute, so that a query of any time can mark it.
func incidents() family {
	return family{
		Metric{"confianza_incident_timestamp_seconds", "When the brand's incident began, Unix time; absent for a brand without one in the configuration.",
			[]string{"brand"}},
		func(_ context.Context, v *view) ([]line, error) {
			var all []line
			dates := v.o.Incidents()
			for _, brand := range slices.Sorted(maps.Keys(dates)) {
				c := constant{float64(dates[brand].Unix()), v.now}
				all = append(all, line{labels: name("confianza_incident_timestamp_seconds", "brand", brand),
					open: func(context.Context, *view, window) (values, error) { return c, nil }})
			}
			return all, nil
		},
	}
}

// constant is one value up to the present minute.
type constant struct {
	value float64
	now   int64
}

func (c constant) at(m int64) (float64, bool) { return c.value, m <= c.now }
func (constant) err() error                   { return nil }
