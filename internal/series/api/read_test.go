package api_test

import (
	"bytes"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"

	"confianza/internal/series"
)

// readFrom asks as a Prometheus does that reads remotely.
func readFrom(t *testing.T, h http.Handler, from, to time.Time, ms ...*prompb.LabelMatcher) (int, prompb.ReadResponse) {
	t.Helper()
	req := prompb.ReadRequest{Queries: []*prompb.Query{{StartTimestampMs: from.UnixMilli(), EndTimestampMs: to.UnixMilli(), Matchers: ms}}}
	b, err := req.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/api/v1/read", bytes.NewReader(snappy.Encode(nil, b))))
	var answer prompb.ReadResponse
	if w.Code == 200 {
		plain, err := snappy.Decode(nil, w.Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Unmarshal(plain); err != nil {
			t.Fatal(err)
		}
	}
	return w.Code, answer
}

func TestRemoteRead(t *testing.T) {
	h := serve(t, series.Limits{}, nil)
	name := &prompb.LabelMatcher{Type: prompb.LabelMatcher_EQ, Name: "__name__", Value: "confianza_mentions"}
	tone := &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: "polarity", Value: "negative|positive"}
	code, got := readFrom(t, h, noon.Add(-31*time.Minute), noon.Add(-28*time.Minute), name, tone)
	if code != 200 || len(got.Results) != 1 || len(got.Results[0].Timeseries) != 2 {
		t.Fatalf("got %d %+v, want two series", code, got)
	}
	// The samples of 11:29, 11:30 and 11:31, one millisecond before they end.
	for i, want := range [][]float64{{0, 2, 0}, {0, 0, 1}} {
		s := got.Results[0].Timeseries[i]
		if len(s.Labels) != 6 || len(s.Samples) != 3 {
			t.Fatalf("got %+v, want three samples", s)
		}
		for j, x := range s.Samples {
			at := noon.Add(time.Duration(j-30)*time.Minute).UnixMilli() - 1
			if x.Value != want[j] || x.Timestamp != at {
				t.Errorf("series %d: got %v at %d, want %v at %d", i, x.Value, x.Timestamp, want[j], at)
			}
		}
	}
	if code, got := readFrom(t, h, noon, noon.Add(time.Hour), &prompb.LabelMatcher{Name: "__name__", Value: "nothing"}); code != 200 || len(got.Results) != 1 || len(got.Results[0].Timeseries) != 0 {
		t.Errorf("got %d %+v, want one empty result", code, got)
	}
}

func TestRemoteReadRefuses(t *testing.T) {
	h := serve(t, series.Limits{Samples: 10}, nil)
	all := &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: "__name__", Value: ".+"}
	if code, _ := readFrom(t, h, noon.Add(-time.Hour), noon, all); code != 400 {
		t.Errorf("more samples than the limit: got %d, want 400", code)
	}
	if code, _ := readFrom(t, h, noon, noon, &prompb.LabelMatcher{Type: 9, Name: "a"}); code != 400 {
		t.Errorf("matcher of no kind: got %d, want 400", code)
	}
	if code, _ := readFrom(t, h, noon, noon, &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: "a", Value: "("}); code != 400 {
		t.Errorf("broken expression: got %d, want 400", code)
	}
	if code, _ := readFrom(t, h, time.UnixMilli(math.MinInt64), time.UnixMilli(math.MaxInt64), all); code != 400 {
		t.Errorf("all of time: got %d, want 400", code)
	}
	bomb := append([]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, strings.Repeat("\xfe\x01\x00", 1000)...) // says it holds 4 GB
	for _, body := range [][]byte{nil, []byte("{}"), snappy.Encode(nil, []byte("{}")), bomb, bytes.Repeat([]byte{1}, 2<<20)} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/api/v1/read", bytes.NewReader(body)))
		if len(body) > 0 && w.Code != 400 {
			t.Errorf("%.20q: got %d, want 400", body, w.Code)
		}
	}
}
