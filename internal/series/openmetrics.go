package series

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"confianza/internal/mention"
)

// Dump says what to write as OpenMetrics.
type Dump struct {
	Metric string       // one of [Metrics]
	Brands []string     // none means all
	Span   mention.Span // event time
	Zeros  bool         // write minutes without mentions too; sums are the same without them
}

// OpenMetrics writes every sample of a metric in a span, series by series, as
// text that `promtool tsdb create-blocks-from openmetrics` takes
// (https://prometheus.io/docs/specs/om/open_metrics_spec/). It returns how many
// samples there were.
func (q *Queryable) OpenMetrics(ctx context.Context, out io.Writer, d Dump) (samples int64, err error) {
	w := &dumper{Writer: bufio.NewWriterSize(out, 1<<16), Dump: d}
	for _, m := range Metrics() {
		if m.Name == d.Metric {
			fmt.Fprintf(w, "# HELP %s %s\n# TYPE %[1]s gauge\n", m.Name, escaped.Replace(m.Help))
		}
	}
	// An end that is excluded: the last sample stands a millisecond before it.
	reader, err := q.Querier(d.Span.From.UnixMilli(), d.Span.To.UnixMilli()-1)
	if err != nil {
		return 0, err
	}
	defer reader.Close() // it was only read
	set := reader.Select(ctx, true, nil, labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, d.Metric))
	var it chunkenc.Iterator
	for set.Next() {
		s := set.At()
		if !d.wants(s.Labels()) {
			continue
		}
		it = s.Iterator(it)
		if err := w.series(ctx, s.Labels(), it); err != nil {
			return w.n, err
		}
	}
	if err := set.Err(); err != nil {
		return w.n, err
	}
	fmt.Fprint(w, "# EOF\n")
	return w.n, w.Flush()
}

func (d Dump) wants(l labels.Labels) bool {
	if len(d.Brands) == 0 {
		return true
	}
	for _, b := range d.Brands {
		if l.Get("brand") == b {
			return true
		}
	}
	return false
}

// dumper writes lines; an error of the writer is met when it is flushed.
type dumper struct {
	*bufio.Writer
	Dump
	n int64
}

var escaped = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// often is after how many samples the context is asked.
const often = 1 << 16

func (w *dumper) series(ctx context.Context, l labels.Labels, it chunkenc.Iterator) error {
	named := openLabels(l)
	quiet := l.Get(model.MetricNameLabel) == "confianza_mentions" // of any other series 0 says something
	for it.Next() == chunkenc.ValFloat {
		at, v := it.At()
		if math.IsNaN(v) || v == 0 && quiet && !w.Zeros {
			continue // a mark that a series ends has no place in a file
		}
		w.WriteString(named)
		w.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
		w.WriteByte(' ')
		fmt.Fprintf(w, "%d.%03d\n", at/1000, at%1000)
		if w.n++; w.n%often == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return it.Err()
}

// openLabels is a series' name and labels, as OpenMetrics escapes them.
func openLabels(l labels.Labels) string {
	var b strings.Builder
	b.WriteString(l.Get(model.MetricNameLabel))
	sep := "{"
	l.Range(func(l labels.Label) {
		if l.Name != model.MetricNameLabel {
			b.WriteString(sep + l.Name + `="` + escaped.Replace(l.Value) + `"`)
			sep = ","
		}
	})
	if sep == "," {
		b.WriteString("}")
	}
	return b.String() + " "
}
