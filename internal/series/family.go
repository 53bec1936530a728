package series

import (
	"context"
	"fmt"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/util/annotations"
)

// Metric describes the series of one name. Labels are closed sets.
type Metric struct {
	Name, Help string
	Labels     []string // besides the name
}

// family is a metric with its series. A new metric is a new family in a file of
// its own: say which lines there are, and give [values] to read each by.
type family struct {
	Metric
	list func(ctx context.Context, v *view) ([]line, error)
}

// line is one series, not read yet.
type line struct {
	labels labels.Labels
	source string // "" when it is of no one source
	open   func(ctx context.Context, v *view, w window) (values, error)
}

// families lists them all, in the order of docs/metrics.md.
func families() []family {
	return []family{mentions(), listening(), voices(), votedNet(), votes(), share(), lower(), upper(), spikeScore(), dropScore(), episodes(), incidents()}
}

// Metrics lists what can be asked for, all of it gauges.
func Metrics() []Metric {
	var all []Metric
	for _, f := range families() {
		all = append(all, f.Metric)
	}
	return all
}

// Table is the second part of docs/metrics.md: every metric that can be asked
// for, with its labels and meaning.
func Table() []byte {
	var b strings.Builder
	b.WriteString(`
## To be asked for

These are in confianza's own Prometheus API (` + "`/api/v1/`" + `, see [operating](operating.md#grafana)), at the time things happened: what comes late,
is imported, deleted or scored again changes the past. All are gauges with a sample a minute, stamped one millisecond before the minute
ends. Where there is nothing to say a series is absent; functions such as ` + "`count_over_time`, `avg_over_time` and `min_over_time`" + ` see the zeros.

| Metric | Labels | Meaning |
|---|---|---|
`)
	for _, m := range Metrics() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.Name, strings.Join(m.Labels, ", "), m.Help)
	}
	return []byte(b.String())
}

// final is the minute from which on a missing value may still come: for a
// source that is late, or because what follows is not past.
func (l *line) final(v *view) int64 {
	if l.source == "" {
		return v.now - int64(lookback.Milliseconds()/minute)
	}
	return v.deafFrom(l.source)
}

// name makes the labels of a series from pairs of label and value.
func name(metric string, pairs ...string) labels.Labels {
	return labels.FromStrings(append([]string{model.MetricNameLabel, metric}, pairs...)...)
}

// counterWarning says that a function for counters was used.
func counterWarning(function string, found []line) annotations.Annotations {
	switch function {
	case "rate", "irate", "increase":
	default:
		return nil
	}
	for _, l := range found {
		if n := l.labels.Get(model.MetricNameLabel); strings.HasPrefix(n, "confianza_") {
			return annotations.New().Add(fmt.Errorf("%w: %s holds numbers of each minute, not a growing counter: "+
				"use sum_over_time, and divide by the seconds of the range for a rate, instead of %s()", annotations.PromQLWarning, n, function))
		}
	}
	return nil
}
