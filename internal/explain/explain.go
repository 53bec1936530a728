// Package explain gathers what is known of an alert about what people say: what
// changed and by how much, what it is about, where, and a few of the posts.
//
// It reads the store as it is and draws no conclusion of its own; what it gives
// is for messages, so that what points at an author is masked.
package explain

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"confianza/analysis/shares"
	"confianza/internal/mention"
	"confianza/internal/messages"
	"confianza/internal/store"
)

// Store is what is read of a store.
type Store interface {
	Counts(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Sums(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Latest(ctx context.Context, q store.LatestQuery) ([]mention.Mention, error)
}

// Brand is the brand an alert is about.
type Brand struct {
	Name    string
	Names   []string // and hashtags: words that say nothing about the talk
	Handles []string // its own @names, which are not masked
}

const (
	// lead is how long before an alert was active its window begins: it takes as
	// long to be seen. least and longest bound the window.
	lead, least, longest = 20 * time.Minute, time.Hour, 24 * time.Hour
	// usualDays are what the window is set against, pastDays what else is usual.
	usualDays, pastDays = 7, 28
	// How many posts are read of the window, and of each day.
	windowPosts, usualPosts, pastPosts = 3000, 1000, 300

	mostDrivers, mostParts, mostExamples = 6, 5, 3
	longestText                          = 240 // characters of an example
)

// Facts gives what is known of an alert that has been active since a time. deaf
// are the sources that are not heard now.
func Facts(ctx context.Context, s Store, b Brand, since, now time.Time, deaf []string) (*messages.Facts, error) {
	from := since.Add(-lead)
	if latest := now.Add(-least); from.After(latest) {
		from = latest
	}
	if earliest := now.Add(-longest); from.Before(earliest) {
		from = earliest
	}
	return Of(ctx, s, b, mention.Span{From: from, To: now}, deaf)
}

// Episode gives what was said while an episode was open, and shortly before: at
// most its first day.
func Episode(ctx context.Context, s Store, b Brand, open mention.Span) (*messages.Facts, error) {
	in := mention.Span{From: open.From.Add(-lead), To: open.To}
	if last := open.From.Add(longest); in.To.After(last) {
		in.To = last
	}
	return Of(ctx, s, b, in, nil)
}

// Of gives what is known of a stretch of time.
func Of(ctx context.Context, s Store, b Brand, in mention.Span, deaf []string) (*messages.Facts, error) {
	g := gathering{s: s, b: b, window: mention.Span{From: in.From.Truncate(time.Minute), To: in.To}}
	f := &messages.Facts{Drivers: []messages.Part{}, Sources: []messages.Part{}, Languages: []messages.Part{}, Examples: []messages.Example{}, Deaf: deaf} // no list is null
	if err := g.numbers(ctx, f); err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	if err := g.words(ctx, f); err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	return f, nil
}

type gathering struct {
	s      Store
	b      Brand
	window mention.Span
}

// counted is what was said in a stretch of time.
type counted struct {
	all, scored, negative, positive float64
	sources, languages              map[string]int64
}

func (g *gathering) count(ctx context.Context, in mention.Span) (c counted, err error) {
	sums, err := g.s.Sums(ctx, store.CountQuery{Brands: []string{g.b.Name}, Span: in})
	if err != nil {
		return c, err
	}
	c.sources, c.languages = map[string]int64{}, map[string]int64{}
	for _, one := range sums {
		n := float64(one.N)
		c.all += n
		c.sources[one.Source] += one.N
		c.languages[one.Language] += one.N
		switch one.Polarity {
		case mention.Negative:
			c.negative, c.scored = c.negative+n, c.scored+n
		case mention.Positive:
			c.positive, c.scored = c.positive+n, c.scored+n
		case mention.Neutral:
			c.scored += n
		}
	}
	return c, nil
}

// numbers are the window's against those of the days before.
func (g *gathering) numbers(ctx context.Context, f *messages.Facts) error {
	is, err := g.count(ctx, g.window)
	if err != nil {
		return err
	}
	before := mention.Span{From: g.window.From.AddDate(0, 0, -usualDays), To: g.window.From}
	was, err := g.count(ctx, before)
	if err != nil {
		return err
	}
	known, err := g.known(ctx, before)
	if err != nil {
		return err
	}
	length := g.window.To.Sub(g.window.From)
	add := func(name string, n, from, to, low, high float64) {
		f.Measures = append(f.Measures, messages.Measure{Name: name, From: from, To: to, Low: low, High: high, Window: length, N: int64(n)})
	}
	add("mentions_per_hour", is.all, was.all/known.Hours(), is.all/length.Hours(), 0, 0)
	if is.scored > 0 && was.scored > 0 {
		net, share := shares.Net(is.positive, is.negative, is.scored), shares.Share(is.negative, is.scored)
		add("net", is.scored, 100*(was.positive-was.negative)/was.scored, 100*net.Value, 100*net.Low, 100*net.High)
		add("negative_share", is.scored, 100*was.negative/was.scored, 100*share.Value, 100*share.Low, 100*share.High)
	}
	f.Sources, f.Languages = append(f.Sources, largest(is.sources)...), append(f.Languages, largest(is.languages)...)
	return nil
}

// known is for how long there have been mentions at all: on the day after an
// installation the days before it were not silent.
func (g *gathering) known(ctx context.Context, in mention.Span) (time.Duration, error) {
	counts, err := g.s.Counts(ctx, store.CountQuery{Brands: []string{g.b.Name}, Span: in, Step: time.Hour})
	if err != nil {
		return 0, err
	}
	first := in.To.Add(-time.Hour)
	for _, c := range counts {
		if c.At.Before(first) {
			first = c.At
		}
	}
	if first.Before(in.From) {
		first = in.From
	}
	return in.To.Sub(first), nil
}

func largest(n map[string]int64) (parts []messages.Part) {
	for name, n := range n {
		parts = append(parts, messages.Part{Name: name, N: n})
	}
	slices.SortFunc(parts, func(a, b messages.Part) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	return parts[:min(mostParts, len(parts))]
}
