package remotewrite

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"

	"confianza/internal/store"
)

// encode makes the body of one request: remote write 1.0, which is
// snappy-compressed protobuf. Series have sorted labels, samples of a series
// are in the order of time, as the specification asks
// (https://prometheus.io/docs/specs/prw/remote_write_spec/).
func encode(ds []store.Delta, added map[string]string) ([]byte, error) {
	at := map[string]int{}
	var req prompb.WriteRequest
	for _, d := range ds {
		labels := labelsOf(d, added)
		key := ""
		for _, l := range labels {
			key += l.Name + strconv.Quote(l.Value)
		}
		i, known := at[key]
		if !known {
			i = len(req.Timeseries)
			at[key] = i
			req.Timeseries = append(req.Timeseries, prompb.TimeSeries{Labels: labels})
		}
		req.Timeseries[i].Samples = append(req.Timeseries[i].Samples, prompb.Sample{Value: float64(d.N), Timestamp: stamp(d)})
	}
	for _, s := range req.Timeseries {
		slices.SortFunc(s.Samples, func(a, b prompb.Sample) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	}
	b, err := req.Marshal()
	if err != nil {
		return nil, err
	}
	return snappy.Encode(nil, b), nil
}

// stamp is when a delta's sample stands, in Unix milliseconds: one before its
// minute ends, and each later one of the same minute one earlier.
func stamp(d store.Delta) int64 { return d.Minute.UnixMilli() + 59_999 - int64(d.Slot) }

func labelsOf(d store.Delta, labels map[string]string) []prompb.Label {
	all := []prompb.Label{
		{Name: "__name__", Value: "confianza_mentions"}, {Name: "brand", Value: d.Brand}, {Name: "kind", Value: string(d.Kind)},
		{Name: "language", Value: d.Language}, {Name: "polarity", Value: string(d.Polarity)}, {Name: "source", Value: d.Source},
	}
	return external(all, labels)
}

// external adds the receiver's labels, and sorts all.
func external(all []prompb.Label, labels map[string]string) []prompb.Label {
	for name, value := range labels {
		all = append(all, prompb.Label{Name: name, Value: value})
	}
	slices.SortFunc(all, func(a, b prompb.Label) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
