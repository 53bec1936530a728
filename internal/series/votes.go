package series

import (
	"context"
	"fmt"

	"confianza/internal/store"
)

// votedNet and votes are a day counted by people, see package people.
func votedNet() family {
	return voteFamily("confianza_voices_net", "Net feeling (-1 to 1) of the UTC day that the minute is in, counted by people: each author has one vote, the mean of what they said, and texts that are "+
		"nearly the same have three between them. Of opinions; from an hour after the day on. Absent where fewer than nine tenths of its texts were left when it was first counted, or it had "+
		"more than 200,000 opinions. Never beside a net by mentions in one chart: their levels differ.",
		func(d store.DayVote) float64 { return d.Sum / d.Weight })
}

func votes() family {
	return voteFamily("confianza_voices_votes", "Votes that confianza_voices_net is made of.", func(d store.DayVote) float64 { return d.Weight })
}

func voteFamily(metric, help string, pick func(store.DayVote) float64) family {
	return family{Metric{metric, help, []string{"brand"}}, func(_ context.Context, v *view) ([]line, error) {
		var all []line
		for _, brand := range v.brands() {
			all = append(all, line{labels: name(metric, "brand", brand), open: func(ctx context.Context, v *view, _ window) (values, error) {
				votes, err := v.snap.Votes(ctx, brand)
				if err != nil {
					return nil, fmt.Errorf("votes of %s: %w", brand, err)
				}
				if votes.Scorer != v.snap.Scorer() {
					votes.Days = nil // a series never mixes scorers
				}
				return &voted{votes.Days, pick}, nil
			}})
		}
		return all, nil
	}}
}

// voted are the values of one of these series.
type voted struct {
	days map[int64]store.DayVote
	pick func(store.DayVote) float64
}

func (d *voted) at(m int64) (float64, bool) {
	of, known := d.days[floor(m, day)]
	if !known || of.Weight == 0 {
		return 0, false
	}
	return d.pick(of), true
}

func (*voted) err() error { return nil }
