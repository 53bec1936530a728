package alerting

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sort"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"

	"confianza/internal/series"
)

// both reads a series from the memory when it has any of its name, otherwise
// from the store.
type both struct {
	memory *Memory
	store  storage.Queryable
}

func (b both) Querier(mint, maxt int64) (storage.Querier, error) {
	q, err := b.store.Querier(mint, maxt)
	if err != nil {
		return nil, err
	}
	return &querier{q, b.memory, mint, maxt}, nil
}

// querier is the store's, but for what the memory has.
type querier struct {
	storage.Querier
	memory     *Memory
	mint, maxt int64
}

func (q *querier) Select(ctx context.Context, sorted bool, h *storage.SelectHints, ms ...*labels.Matcher) storage.SeriesSet {
	name := named(ms)
	if name == "" || !q.memory.has(name) {
		return q.Querier.Select(ctx, sorted, h, ms...)
	}
	return &list{series: q.memory.find(name, q.mint, q.maxt, ms), at: -1}
}

// named is the one name that matchers ask for, "" when they ask otherwise.
func named(ms []*labels.Matcher) string {
	for _, m := range ms {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}

// find copies the samples from mint to maxt of all series that match, by their
// labels.
func (m *Memory) find(name string, mint, maxt int64, ms []*labels.Matcher) []storage.Series {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var found []storage.Series
	for _, s := range m.series[name] {
		if slices.ContainsFunc(ms, func(m *labels.Matcher) bool { return !m.Matches(s.labels.Get(m.Name)) }) {
			continue
		}
		from, _ := slices.BinarySearchFunc(s.samples, mint, func(s sample, t int64) int { return int(min(max(s.t-t, -1), 1)) })
		var within []chunks.Sample
		for _, one := range s.samples[from:] {
			if one.t > maxt {
				break
			}
			within = append(within, one)
		}
		if len(within) > 0 {
			found = append(found, storage.NewListSeries(s.labels, within))
		}
	}
	sort.Slice(found, func(i, j int) bool { return labels.Compare(found[i].Labels(), found[j].Labels()) < 0 })
	return found
}

// list is series in order.
type list struct {
	series []storage.Series
	at     int
}

func (l *list) Next() bool {
	l.at++
	return l.at < len(l.series)
}
func (l *list) At() storage.Series              { return l.series[l.at] }
func (*list) Err() error                        { return nil }
func (*list) Warnings() annotations.Annotations { return nil }

// ask evaluates expressions: those over the store alone as the series' own
// engine plans them, the others minute by minute.
func ask(e *series.Engine, m *Memory) rules.QueryFunc {
	engine := promql.NewEngine(promql.EngineOpts{
		Logger: slog.New(slog.DiscardHandler), MaxSamples: 10_000_000, Timeout: 30 * time.Second, LookbackDelta: lookback,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: series.Parser(),
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
	})
	mixed, planned := rules.EngineQueryFunc(engine, both{m, e.Queryable()}), e.QueryFunc()
	return func(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
		parsed, err := series.Parser().ParseExpr(expr)
		if err != nil {
			return nil, err
		}
		for _, ms := range parser.ExtractSelectors(parsed) {
			if name := named(ms); name != "" && m.has(name) {
				return mixed(ctx, expr, at)
			}
		}
		return planned(ctx, expr, at)
	}
}

// needs adds to keep how long an expression looks back at which series. Its
// error says that it looks back farther than the memory may reach.
func needs(expr parser.Expr, keep map[string]time.Duration) error {
	var far error
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		v, ok := n.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		back := lookback + max(0, v.OriginalOffset)
		for _, p := range path {
			switch p := p.(type) {
			case *parser.MatrixSelector:
				back += p.Range
			case *parser.SubqueryExpr:
				back += p.Range + max(0, p.OriginalOffset)
			}
		}
		if name := named(v.LabelMatchers); name != "" {
			keep[name] = min(max(keep[name], back), farthest)
			if back > farthest+lookback {
				far = errors.New(name)
			}
		}
		return nil
	})
	return far
}
