package series

import (
	"context"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Gauges gives the samples of every metric but mentions, a minute apart, of the
// minutes that end after from and not after to. Mentions are numbers to add up,
// which another server is sent as differences (package remotewrite).
func (q *Queryable) Gauges(ctx context.Context, from, to time.Time) ([]prompb.TimeSeries, error) {
	reader, err := q.Querier(from.UnixMilli(), to.UnixMilli()-1)
	if err != nil {
		return nil, err
	}
	defer reader.Close() // it was only read
	set := reader.Select(ctx, true, nil, labels.MustNewMatcher(labels.MatchNotEqual, model.MetricNameLabel, "confianza_mentions"))
	var all []prompb.TimeSeries
	var it chunkenc.Iterator
	for set.Next() {
		s := set.At()
		one := prompb.TimeSeries{Labels: prompb.FromLabels(s.Labels(), nil)}
		for it = s.Iterator(it); it.Next() == chunkenc.ValFloat; {
			at, v := it.At()
			one.Samples = append(one.Samples, prompb.Sample{Timestamp: at, Value: v})
		}
		if err := it.Err(); err != nil {
			return nil, err
		}
		if len(one.Samples) > 0 {
			all = append(all, one)
		}
	}
	return all, set.Err()
}
