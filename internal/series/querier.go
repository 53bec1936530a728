package series

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// querier answers one query from one snapshot of the store, opened with the
// first question. It is not for concurrent use.
type querier struct {
	q          *Queryable
	mint, maxt millis
	plan       plan
	view       *view
}

// Select finds series and reads none: a series is read when it is iterated.
func (q *querier) Select(ctx context.Context, _ bool, h *storage.SelectHints, ms ...*labels.Matcher) storage.SeriesSet {
	found, err := q.find(ctx, ms)
	if err != nil {
		return storage.ErrSeriesSet(err)
	}
	// Sorted or not, the same question always gets the same answer.
	slices.SortFunc(found, func(a, b line) int { return labels.Compare(a.labels, b.labels) })
	w := window{from: q.mint, to: q.maxt}
	if h != nil {
		w = window{from: max(h.Start, q.mint), to: min(h.End, q.maxt)}
		if h.DisableTrimming {
			w = window{from: q.mint, to: q.maxt}
		}
		if h.Limit > 0 && len(found) > h.Limit {
			found = found[:h.Limit]
		}
	}
	set := &set{next: -1}
	for _, l := range found {
		set.all = append(set.all, &one{ctx: ctx, line: l, view: q.view, window: w, grid: q.plan.of(ms)})
	}
	if h != nil {
		set.warn = counterWarning(h.Func, found)
	}
	return set
}

// find lists the series that all matchers agree on.
func (q *querier) find(ctx context.Context, ms []*labels.Matcher) ([]line, error) {
	if q.view == nil {
		v, err := q.q.look(ctx)
		if err != nil {
			return nil, err
		}
		q.view = v
	}
	var found []line
	for _, f := range families() {
		if !named(f.Name, ms) {
			continue
		}
		lines, err := f.list(ctx, q.view)
		if err != nil {
			return nil, fmt.Errorf("series: %s: %w", f.Name, err)
		}
		for _, l := range lines {
			if matches(l.labels, ms) {
				found = append(found, l)
			}
		}
	}
	return found, nil
}

// named tells whether a family of that name can hold what is asked for.
func named(name string, ms []*labels.Matcher) bool {
	for _, m := range ms {
		if m.Name == model.MetricNameLabel && !m.Matches(name) {
			return false
		}
	}
	return true
}

func matches(ls labels.Labels, ms []*labels.Matcher) bool {
	for _, m := range ms {
		if !m.Matches(ls.Get(m.Name)) {
			return false
		}
	}
	return true
}

// LabelValues lists the values of a label over all time, sorted.
func (q *querier) LabelValues(ctx context.Context, name string, h *storage.LabelHints, ms ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return q.words(ctx, h, ms, func(l labels.Labels, add func(string)) {
		if v := l.Get(name); v != "" {
			add(v)
		}
	})
}

// LabelNames lists the labels that there are over all time, sorted.
func (q *querier) LabelNames(ctx context.Context, h *storage.LabelHints, ms ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return q.words(ctx, h, ms, func(l labels.Labels, add func(string)) {
		l.Range(func(l labels.Label) { add(l.Name) })
	})
}

func (q *querier) words(ctx context.Context, h *storage.LabelHints, ms []*labels.Matcher, each func(labels.Labels, func(string))) ([]string, annotations.Annotations, error) {
	found, err := q.find(ctx, ms)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	all := []string{}
	for _, l := range found {
		each(l.labels, func(w string) {
			if !seen[w] {
				seen[w] = true
				all = append(all, strings.Clone(w))
			}
		})
	}
	slices.Sort(all)
	if h != nil && h.Limit > 0 && len(all) > h.Limit {
		all = all[:h.Limit]
	}
	return all, nil, nil
}

// Close lets go of the snapshot.
func (q *querier) Close() error {
	if q.view == nil {
		return nil
	}
	return q.view.snap.Close()
}

// set is what a Select found.
type set struct {
	all  []*one
	next int
	warn annotations.Annotations
}

func (s *set) Next() bool                        { s.next++; return s.next < len(s.all) }
func (s *set) At() storage.Series                { return s.all[s.next] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return s.warn }

// one is one series of an answer. The engine gives its iterator no context, so
// that it carries the query's, and lives no longer.
type one struct {
	ctx    context.Context
	line   line
	view   *view
	window window
	grid   grid
}

func (o *one) Labels() labels.Labels { return o.line.labels }

// Iterator begins before the first sample. One to reuse is not looked at.
func (o *one) Iterator(chunkenc.Iterator) chunkenc.Iterator {
	vs, err := o.line.open(o.ctx, o.view, o.window)
	if err != nil {
		return &failed{err}
	}
	if s, ok := vs.(sums); ok && o.grid.width > 0 {
		s.plan(o.grid)
		return &buckets{sums: s, grid: o.grid, window: o.window}
	}
	return &minutes{values: vs, window: o.window, final: o.line.final(o.view)}
}
