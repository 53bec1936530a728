package series

import (
	"context"
	"fmt"

	"confianza/analysis/shares"
)

// spans are how far a share looks back, in hours, by its label.
var spans = []struct {
	label string
	hours int64
}{{"1d", 24}, {"7d", 7 * 24}}

// share, lower and upper are the shares of polarities among what was read, and
// the ends of their intervals.
func share() family {
	return shareOf("confianza_sentiment_share", "Share of the polarity (0 to 1) among the brand's mentions that could be read and are not known to be news or the "+
		"brand's own, over the window up to the last full hour. correction=\"none\": as the scorer sees them.", func(e shares.Estimate) float64 { return e.Value })
}

func lower() family {
	return shareOf("confianza_sentiment_share_lower", "Lower end of the share's 95 % sampling interval (Wilson's, with the mentions worth fewer when hours differ by more "+
		"than chance); what the scorer gets wrong is not in it.", func(e shares.Estimate) float64 { return e.Low })
}

func upper() family {
	return shareOf("confianza_sentiment_share_upper", "Upper end of the same interval.", func(e shares.Estimate) float64 { return e.High })
}

func shareOf(metric, help string, pick func(shares.Estimate) float64) family {
	return family{
		Metric{metric, help, []string{"brand", "polarity", "window", "correction"}},
		func(_ context.Context, v *view) ([]line, error) {
			var all []line
			for _, brand := range v.brands() {
				for p, polarity := range scored {
					for _, s := range spans {
						all = append(all, line{
							labels: name(metric, "brand", brand, "polarity", string(polarity), "window", s.label, "correction", "none"),
							open: func(ctx context.Context, v *view, w window) (values, error) {
								t, err := v.tone(ctx, brand, w, spans[len(spans)-1].hours+1)
								if err != nil {
									return nil, fmt.Errorf("shares of %s: %w", brand, err)
								}
								return &estimates{tone: t, polarity: p, hours: s.hours, until: v.now, pick: pick}, nil
							},
						})
					}
				}
			}
			return all, nil
		},
	}
}

// estimates are the values of a share. They change by the hour.
type estimates struct {
	tone         *tone
	polarity     int
	hours, until int64 // the second is the minute under way
	pick         func(shares.Estimate) float64
	last         int64 // the hour that v and ok are of
	v            float64
	ok, begun    bool
}

func (e *estimates) at(m int64) (float64, bool) {
	if m >= e.until {
		return 0, false
	}
	end := floor(m+1, 60) // the hours before it are full when the minute ends
	if !e.begun || e.last != end {
		e.begun, e.last = true, end
		e.v, e.ok = e.estimate(e.tone.between(end-e.hours, end))
	}
	return e.v, e.ok
}

func (e *estimates) estimate(c cell) (float64, bool) {
	n := c.n[0] + c.n[1] + c.n[2]
	if n == 0 {
		return 0, false
	}
	k := c.n[e.polarity]
	d := shares.Dispersion(c.squares[e.polarity], k, n, c.hours)
	return e.pick(shares.Share(k/d, n/d)), true
}

func (*estimates) err() error { return nil }
