package series

import (
	"context"
	"fmt"
)

const day = 24 * 60 // minutes

// voices are the distinct authors of the UTC day that a minute is in: all of the
// day's, so that the past shows whole days and the present one what it has yet.
func voices() family {
	return family{
		Metric{"confianza_voices", "Distinct authors who named the brand on the UTC day that the minute is in, the whole day's in all its minutes; " +
			"the present day's so far. Authors erased since are counted; one who was forgotten and speaks again that day counts twice, for nothing is left to know them by.", []string{"brand"}},
		func(_ context.Context, v *view) ([]line, error) {
			var all []line
			for _, brand := range v.brands() {
				all = append(all, line{labels: name("confianza_voices", "brand", brand),
					open: func(ctx context.Context, v *view, _ window) (values, error) {
						days := &authors{n: map[int64]int64{}, until: v.now, first: v.now}
						err := v.snap.Voices(ctx, brand, func(d, n int64) {
							days.n[d] = n
							days.first = min(days.first, d*day)
						})
						if err != nil {
							return nil, fmt.Errorf("voices of %s: %w", brand, err)
						}
						return days, nil
					}})
			}
			return all, nil
		},
	}
}

// authors are the values of a brand's voices, by day.
type authors struct {
	n            map[int64]int64
	first, until int64 // minutes; the second is under way
}

func (a *authors) at(m int64) (float64, bool) {
	if m < a.first || m >= a.until {
		return 0, false
	}
	return float64(a.n[floor(m, day)]), true
}

func (*authors) err() error { return nil }
