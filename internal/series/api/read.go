package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// read answers a Prometheus that reads from here what it does not have itself:
// remote read (https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/),
// with plain samples, a minute apart. The asker evaluates its query over them
// together with what it has, so there are no sums here. What they hold in
// memory is bounded as that of a query is.
func (a *api) read(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), a.Engine.Limits().Timeout)
	defer cancel()
	req, err := asked(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		http.Error(w, "remote read: "+err.Error(), http.StatusBadRequest)
		return
	}
	done, err := a.Engine.Turn(ctx)
	if err != nil {
		http.Error(w, "remote read: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer done()
	body, err := a.results(ctx, req)
	switch {
	case errors.Is(err, errTooMany), errors.Is(err, errMatcher):
		http.Error(w, "remote read: "+err.Error(), http.StatusBadRequest)
	case err != nil:
		a.Log.Error("remote read", "why", err)
		http.Error(w, "remote read: "+err.Error(), http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.Header().Set("Content-Encoding", "snappy")
		w.Write(body) // whoever went away needs no answer
	}
}

// beginning is before anything the store can hold.
var beginning = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

var (
	errTooMany = errors.New("too many samples: ask for less time, fewer series, or confianza's own API")
	errMatcher = errors.New("a matcher of no known kind")
)

// asked decodes a request. The decoded size is bounded too: it says how long it
// will be before anything is unpacked.
func asked(body io.Reader) (req prompb.ReadRequest, err error) {
	packed, err := io.ReadAll(body)
	if err != nil {
		return req, err
	}
	n, err := snappy.DecodedLen(packed)
	if err != nil {
		return req, err
	}
	if n > maxForm {
		return req, fmt.Errorf("a request of %d bytes, over %d", n, maxForm)
	}
	plain, err := snappy.Decode(nil, packed)
	if err != nil {
		return req, err
	}
	return req, req.Unmarshal(plain)
}

func (a *api) results(ctx context.Context, req prompb.ReadRequest) ([]byte, error) {
	left := a.Engine.Limits().Samples
	var answer prompb.ReadResponse
	for _, q := range req.Queries {
		one, err := a.result(ctx, q, &left)
		if err != nil {
			return nil, err
		}
		answer.Results = append(answer.Results, one)
	}
	plain, err := answer.Marshal()
	if err != nil {
		return nil, err
	}
	return snappy.Encode(nil, plain), nil
}

func (a *api) result(ctx context.Context, q *prompb.Query, left *int) (*prompb.QueryResult, error) {
	var ms []*labels.Matcher
	for _, m := range q.Matchers {
		kind, ok := map[prompb.LabelMatcher_Type]labels.MatchType{
			prompb.LabelMatcher_EQ: labels.MatchEqual, prompb.LabelMatcher_NEQ: labels.MatchNotEqual,
			prompb.LabelMatcher_RE: labels.MatchRegexp, prompb.LabelMatcher_NRE: labels.MatchNotRegexp,
		}[m.Type]
		if !ok {
			return nil, errMatcher
		}
		matcher, err := labels.NewMatcher(kind, m.Name, m.Value)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMatcher, err)
		}
		ms = append(ms, matcher)
	}
	// Nothing is kept from before beginning, nor from the future: whoever asks for
	// all of time means that.
	reader, err := a.Engine.Queryable().Querier(max(q.StartTimestampMs, beginning.UnixMilli()), min(q.EndTimestampMs, a.Now().Add(time.Hour).UnixMilli()))
	if err != nil {
		return nil, err
	}
	defer reader.Close() // it was only read
	found := new(prompb.QueryResult)
	set := reader.Select(ctx, true, nil, ms...)
	var it chunkenc.Iterator
	for set.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := set.At()
		one := &prompb.TimeSeries{Labels: prompb.FromLabels(s.Labels(), nil)}
		for it = s.Iterator(it); it.Next() == chunkenc.ValFloat; {
			if *left--; *left < 0 {
				return nil, errTooMany
			}
			at, v := it.At()
			one.Samples = append(one.Samples, prompb.Sample{Timestamp: at, Value: v})
		}
		if err := it.Err(); err != nil {
			return nil, err
		}
		if len(one.Samples) > 0 {
			found.Timeseries = append(found.Timeseries, one)
		}
	}
	return found, set.Err()
}
