package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"

	"confianza/internal/series"
)

// narrow bounds what one question of a fuzzer costs.
var narrow = series.Limits{Samples: 20_000, Timeout: time.Second}

// Whatever is sent to remote read is refused, or answered with a result a
// query, with samples of the time that was asked for and no more than may be.
func FuzzRemoteRead(f *testing.F) {
	h := serve(f, narrow, nil)
	seed := func(from, to int64, ms ...*prompb.LabelMatcher) []byte {
		b, err := (&prompb.ReadRequest{Queries: []*prompb.Query{{StartTimestampMs: from, EndTimestampMs: to, Matchers: ms}}}).Marshal()
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	hour, name := noon.Add(-time.Hour).UnixMilli(), &prompb.LabelMatcher{Name: "__name__", Value: "confianza_mentions"}
	f.Add(seed(hour, noon.UnixMilli(), name), false)
	f.Add(seed(noon.UnixMilli(), hour, name), false)
	f.Add(seed(-1<<63, 1<<63-1, &prompb.LabelMatcher{Type: prompb.LabelMatcher_NRE, Name: "a", Value: "(("}), false)
	f.Add(snappy.Encode(nil, seed(hour, hour, name)), true)
	f.Add([]byte("\xff\xff\xff\xff\x0f"), true)
	f.Fuzz(func(t *testing.T, body []byte, packed bool) {
		var asked prompb.ReadRequest
		sound := !packed && asked.Unmarshal(body) == nil
		if !packed {
			body = snappy.Encode(nil, body)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/api/v1/read", bytes.NewReader(body)))
		if w.Code != http.StatusOK {
			if w.Code != http.StatusBadRequest || bytes.Contains(w.Body.Bytes(), []byte("%!")) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			return
		}
		plain, err := snappy.Decode(nil, w.Body.Bytes())
		var got prompb.ReadResponse
		if err != nil || got.Unmarshal(plain) != nil {
			t.Fatalf("an answer that cannot be read: %q", w.Body)
		}
		if !sound {
			return
		}
		if len(got.Results) != len(asked.Queries) {
			t.Fatalf("%d results of %d queries", len(got.Results), len(asked.Queries))
		}
		n := 0
		for i, q := range asked.Queries {
			for _, s := range got.Results[i].Timeseries {
				for _, x := range s.Samples {
					if n++; x.Timestamp < q.StartTimestampMs || x.Timestamp > q.EndTimestampMs {
						t.Fatalf("a sample at %d, asked for %d to %d", x.Timestamp, q.StartTimestampMs, q.EndTimestampMs)
					}
				}
			}
		}
		if n > narrow.Samples {
			t.Errorf("%d samples", n)
		}
	})
}

// Whatever parameters a request has, it is answered in JSON: with what was
// asked for, or with a mistake of the asker's. No series has more points than
// may be.
func FuzzParameters(f *testing.F) {
	h := serve(f, narrow, nil)
	paths := []string{"query", "query_range", "labels", "label/brand/values", "series", "metadata", "rules", "format_query", "query_exemplars", "alerts"}
	for i, s := range []string{
		"query=sum(sum_over_time(confianza_mentions[1h]))&time=2026-03-02T11:31:00Z&limit=1", "query=confianza_mentions&start=1772449200&end=1772452800&step=60",
		"match[]=confianza_listening&start=1&end=2", "match[]={brand=~\".+\"}&limit=2", "match[]=confianza_mentions", "metric=confianza_listening&limit=-1",
		"type=alert&rule_name[]=a", "query=sum(a)by(b)", "query=a", "",
	} {
		f.Add(uint8(i), s)
	}
	f.Add(uint8(1), "query=time()&start=1700-01-01T00:00:00Z&end=2200-01-01T00:00:00Z&step=10d")
	f.Add(uint8(1), "query=time()&start=1&end=1.01&step=0.0000001")
	f.Add(uint8(0), "query=max_over_time(time()[100y:1ms])&timeout=1e-3")
	f.Fuzz(func(t *testing.T, which uint8, parameters string) {
		r := httptest.NewRequest("GET", "/api/v1/"+paths[int(which)%len(paths)], nil)
		r.URL.RawQuery = parameters
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var got struct {
			Status, ErrorType string
			Data              json.RawMessage
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		switch w.Code {
		case http.StatusOK:
			if got.Status != "success" || got.Data == nil {
				t.Errorf("got %s", w.Body)
			}
		case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusServiceUnavailable:
			if got.Status != "error" || got.ErrorType == "" {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		default:
			t.Errorf("got %d %s", w.Code, w.Body)
		}
		if int(which)%len(paths) != 1 || w.Code != http.StatusOK {
			return
		}
		from, to := moment(r.FormValue("start")), moment(r.FormValue("end"))
		var matrix struct{ Result []struct{ Values [][2]any } }
		if err := json.Unmarshal(got.Data, &matrix); err != nil {
			t.Fatal(err)
		}
		for _, s := range matrix.Result {
			if len(s.Values) > 11_001 {
				t.Errorf("%d points of %q", len(s.Values), parameters)
			}
			for _, v := range s.Values {
				if at := v[0].(float64); at < from-0.002 || at > to+0.002 {
					t.Fatalf("a point at %v of %q", at, parameters)
				}
			}
		}
	})
}

// moment is what a parameter means, in seconds.
func moment(s string) float64 {
	if at, err := strconv.ParseFloat(s, 64); err == nil {
		return at
	}
	at, _ := time.Parse(time.RFC3339, s) // it was answered to
	return float64(at.UnixMilli()) / 1000
}
