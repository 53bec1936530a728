// Package people counts each day's talk by people, and keeps it.
//
// A day's votes ([voices.Count]) need all of its texts at once, and have to
// outlive them. So every hour the opinions that the rollups hold of each day
// that is over are compared with those it was last counted of; where they
// differ, through late posts, an import or another scorer, the day is counted
// again, as long as nearly all of its texts are still there. What was counted
// stays when they are erased. Authors are told apart by the keyed hash that the
// store has, and nothing more is kept of them than the sums.
//
// It leaves to package series how votes are asked for.
package people

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"math"
	"slices"
	"time"

	"confianza/analysis/voices"
	"confianza/internal/mention"
	"confianza/internal/store"
)

const (
	day   = 24 * time.Hour
	late  = time.Hour // a day is counted so long after its end
	near  = 35        // days that are looked at every hour; all are at the start, and once a day
	whole = 0.9       // share of the texts that must be left
	most  = 200_000   // texts held at once; a day of more is left out
	batch = 10        // days counted between two writes
	stage = "score"
)

// Counter counts the votes of brands over a store.
type Counter struct {
	Store  *store.Store
	Brands []string
	Log    *slog.Logger
	Now    func() time.Time // nil is the clock
	Every  time.Duration    // between looks; 0 is an hour
}

// Run counts until ctx ends.
func (c *Counter) Run(ctx context.Context) error {
	tick := time.NewTicker(cmp.Or(c.Every, time.Hour))
	defer tick.Stop()
	for n := 0; ; n++ {
		back := int64(near)
		if n%24 == 0 {
			back = math.MaxInt32
		}
		if err := c.Look(ctx, back); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look counts what has changed in the last days.
func (c *Counter) Look(ctx context.Context, days int64) error {
	at, err := c.Store.Bookmark(ctx, stage)
	if err != nil || at.Again() { // half of a day would be scored by each version
		return err
	}
	series, err := c.series(ctx)
	if err != nil {
		return err
	}
	for _, brand := range c.Brands {
		if err := c.brand(ctx, brand, series[brand], days); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// series are those of opinions that could be read, by brand.
func (c *Counter) series(ctx context.Context) (map[string][]int64, error) {
	snap, err := c.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	all, err := snap.Series(ctx)
	if err != nil {
		return nil, err
	}
	of := map[string][]int64{}
	for _, s := range all {
		if s.Polarity != mention.Unknown && s.Kind != mention.News && s.Kind != mention.BrandOwn {
			of[s.Brand] = append(of[s.Brand], s.ID)
		}
	}
	return of, nil
}

// brand counts a few days of a brand at a time, so that what was counted is kept
// and no snapshot stays open for long.
func (c *Counter) brand(ctx context.Context, brand string, series []int64, days int64) error {
	for ctx.Err() == nil && len(series) > 0 {
		snap, err := c.Store.Snapshot(ctx)
		if err != nil {
			return err
		}
		votes, err := snap.Votes(ctx, brand)
		if votes.Days == nil || votes.Scorer != snap.Scorer() {
			votes, days = store.Votes{Scorer: snap.Scorer(), Days: map[int64]store.DayVote{}}, math.MaxInt32
		}
		changed := 0
		if err == nil {
			changed, err = c.days(ctx, snap, brand, series, days, votes.Days)
		}
		snap.Close() // nothing was written
		if err != nil || changed == 0 {
			return err
		}
		if err := c.Store.KeepVotes(ctx, brand, votes); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// days counts the first few that have changed, and says how many they were.
func (c *Counter) days(ctx context.Context, snap *store.Snapshot, brand string, series []int64, days int64, votes map[int64]store.DayVote) (changed int, err error) {
	seen, err := c.seen(ctx, snap, series, days)
	if err != nil {
		return 0, err
	}
	for _, d := range slices.Sorted(maps.Keys(seen)) {
		if votes[d].Seen == seen[d] {
			continue
		}
		if votes[d], err = c.countDay(ctx, snap, brand, d, seen[d], votes[d]); err != nil {
			return 0, err
		}
		if changed++; changed == batch {
			break
		}
	}
	return changed, nil
}

// seen is how many opinions the rollups hold of each of the last days that are
// over.
func (c *Counter) seen(ctx context.Context, snap *store.Snapshot, series []int64, days int64) (map[int64]int64, error) {
	end := c.now().Add(-late).Unix() / 86400
	seen := map[int64]int64{}
	for _, s := range series {
		err := snap.Sums(ctx, s, 24*max(0, end-days), 24*end, 24, func(hour, total int64) { seen[hour/24] += total })
		if err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// countDay counts one day of which the rollups hold n opinions, or leaves it as
// it was where its texts are gone.
func (c *Counter) countDay(ctx context.Context, snap *store.Snapshot, brand string, d, n int64, was store.DayVote) (store.DayVote, error) {
	was.Seen = n
	if n > most {
		c.Log.Warn("a day has too many mentions to be counted by people", "brand", brand, "day", time.Unix(d*86400, 0).UTC().Format(time.DateOnly), "mentions", n)
		return was, nil
	}
	from := time.Unix(d*86400, 0).UTC()
	all, err := snap.Opinions(ctx, brand, snap.Scorer(), mention.Span{From: from, To: from.Add(day)}, most)
	if err != nil || float64(len(all)) < whole*float64(n) {
		return was, err
	}
	posts := make([]voices.Post, len(all))
	for i, o := range all {
		posts[i] = voices.Post{Author: o.Author, Text: o.Text, Score: score(o.Polarity)}
	}
	votes := voices.Count(posts).Robust
	return store.DayVote{Seen: n, Weight: round(votes.Weight), Sum: round(votes.Sum)}, nil
}

// round takes what adding up thirds leaves.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

func score(p mention.Polarity) float64 {
	switch p {
	case mention.Positive:
		return 1
	case mention.Negative:
		return -1
	}
	return 0
}

func (c *Counter) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}
