package series_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// oracle holds every sample there is, worked out minute by minute from the
// store's plain answers: it knows nothing of hours, pages, plans or laziness.
type oracle struct{ series []plain }

type plain struct {
	labels  labels.Labels
	samples []chunks.Sample
}

// newOracle works out the mentions of the days before noon.
func newOracle(t testing.TB, s *store.Store, days int) *oracle {
	t.Helper()
	from, to := noon.AddDate(0, 0, -days).Truncate(24*time.Hour), noon.Add(24*time.Hour)
	span := mention.Span{From: from, To: to}
	counts, err := s.Counts(t.Context(), store.CountQuery{Span: span, Step: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	byLabels := map[string]map[int64]int64{}
	sources := map[string]string{}
	key := func(brand, source string, p mention.Polarity) string {
		k := fmt.Sprint(brand, "|", source, "|", p)
		sources[k] = source
		if byLabels[k] == nil {
			byLabels[k] = map[int64]int64{}
		}
		return k
	}
	named := map[string]labels.Labels{}
	for _, c := range counts {
		for _, p := range mention.Polarities() {
			k := key(c.Brand, c.Source, p)
			named[k] = labels.FromStrings(model.MetricNameLabel, "confianza_mentions", "brand", c.Brand, "source", c.Source,
				"language", c.Language, "polarity", string(p), "kind", string(c.Kind))
		}
		byLabels[key(c.Brand, c.Source, c.Polarity)][c.At.Unix()/60] += c.N
	}
	o := &oracle{}
	for k, minutes := range byLabels {
		heard, err := s.Heard(t.Context(), sources[k], span)
		if err != nil {
			t.Fatal(err)
		}
		o.series = append(o.series, plain{named[k], sampled(minutes, heard, from, to)})
	}
	slices.SortFunc(o.series, func(a, b plain) int { return labels.Compare(a.labels, b.labels) })
	return o
}

// sampled writes a sample for each minute with a mention or heard from its
// beginning to its end, and a staleness mark after each run of them that ended
// five minutes ago or within what was heard.
func sampled(minutes map[int64]int64, heard []mention.Span, from, to time.Time) []chunks.Sample {
	final := noon.Add(-5 * time.Minute)
	if len(heard) > 0 {
		if last := heard[len(heard)-1].To.Truncate(time.Minute); last.After(final) {
			final = last
		}
	}
	var all []chunks.Sample
	before := false
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		n := minutes[at.Unix()/60]
		end := at.Add(time.Minute)
		present := n > 0 || slices.ContainsFunc(heard, func(s mention.Span) bool { return !s.From.After(at) && !s.To.Before(end) })
		switch {
		case present:
			all = append(all, point{end.UnixMilli() - 1, float64(n)})
		case before && at.Before(final):
			all = append(all, point{end.UnixMilli() - 1, math.Float64frombits(value.StaleNaN)})
		}
		before = present
	}
	return all
}

// point is a sample.
type point struct {
	t int64
	v float64
}

func (p point) T() int64                      { return p.t }
func (p point) F() float64                    { return p.v }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) ST() int64                     { return 0 }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }

func (o *oracle) Querier(mint, maxt int64) (storage.Querier, error) { return oracleQuerier{o}, nil }

type oracleQuerier struct{ o *oracle }

func (q oracleQuerier) Select(_ context.Context, _ bool, _ *storage.SelectHints, ms ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range q.o.series {
		if !slices.ContainsFunc(ms, func(m *labels.Matcher) bool { return !m.Matches(s.labels.Get(m.Name)) }) {
			found = append(found, storage.NewListSeries(s.labels, s.samples))
		}
	}
	return &listed{found, -1}
}

func (oracleQuerier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (oracleQuerier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (oracleQuerier) Close() error { return nil }

type listed struct {
	all  []storage.Series
	next int
}

func (l *listed) Next() bool                        { l.next++; return l.next < len(l.all) }
func (l *listed) At() storage.Series                { return l.all[l.next] }
func (l *listed) Err() error                        { return nil }
func (l *listed) Warnings() annotations.Annotations { return nil }

// answer prints what a query gives; sums of whole numbers are exact, so that
// answers can be compared as text.
func answer(ctx context.Context, q promql.Query, err error) string {
	if err != nil {
		return "not made: " + err.Error()
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return "not answered: " + res.Err.Error()
	}
	return res.String()
}
