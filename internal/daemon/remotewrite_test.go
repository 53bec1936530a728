package daemon

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"
)

const receiving = `brands: [{name: Delta}]
data: %s
web: {listen: '127.0.0.1:0'}
sources:
  bluesky: {urls: ['%s']}
  feeds: {enabled: false}
  hackernews: {enabled: false}
remote_write:
  - {name: main, url: '%s/api/v1/write', token: {file: '%s'}}
`

// A receiver that does not answer is on the page, in both languages, in the
// metrics, and loses nothing.
func TestRemoteWrite(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	var arrived atomic.Int64 // mentions; gauges come beside them at the end of each minute
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !well.Load():
			http.Error(w, "compacting", http.StatusServiceUnavailable)
		case r.Header.Get("Authorization") != "Bearer hidden":
			http.Error(w, "who are you?", http.StatusUnauthorized)
		default:
			arrived.Add(mentionsIn(t, r))
		}
	}))
	t.Cleanup(receiver.Close)
	dir := t.TempDir()
	file, token := filepath.Join(dir, "confianza.yml"), filepath.Join(dir, "token")
	write(t, token, "hidden\n")
	j, address := newJetstream(t)
	j.sayAt(1, time.Now().Add(-10*time.Minute), "I love Delta, great service") // a minute that has ended
	write(t, file, receiving, filepath.Join(dir, "data"), address, receiver.URL, token)
	r := start(t, file)
	r.eventually("a failure", func() bool { return r.metric(`confianza_remote_write_failing{receiver="main"} `) == 1 })
	for lang, want := range map[string]string{"es": "Error del servidor (5xx).</b>", "en": "Server error (5xx).</b>"} {
		page := r.get("?lang=" + lang)
		if !strings.Contains(page, want) || !strings.Contains(page, "503: compacting") || strings.Contains(page, "hidden<") {
			t.Errorf("%s: the page does not say %q and why", lang, want)
		}
	}
	well.Store(true)
	r.eventually("the sample", func() bool {
		return arrived.Load() > 0 && r.metric(`confianza_remote_write_samples_total{receiver="main"} `) >= 1 && r.metric(`confianza_remote_write_failing{receiver="main"} `) == 0
	})
	if !strings.Contains(r.get("?lang=es"), "al día el") {
		t.Error("the page does not say that all arrived")
	}
	write(t, file, strings.Split(receiving, "remote_write:")[0], filepath.Join(dir, "data"), address)
	r.reload()
	if page := r.get("?lang=en"); strings.Contains(page, "Outputs") {
		t.Error("the page still shows a receiver that is not configured any more")
	}
	r.end()
	if arrived.Load() != 1 {
		t.Errorf("%d mentions arrived, want 1", arrived.Load())
	}
}

// mentionsIn is the sum of a request's confianza_mentions.
func mentionsIn(t *testing.T, r *http.Request) (sum int64) {
	packed, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
		return 0
	}
	body, err := snappy.Decode(nil, packed)
	if err != nil {
		t.Error(err)
		return 0
	}
	var request prompb.WriteRequest
	if err := request.Unmarshal(body); err != nil {
		t.Error(err)
	}
	for _, series := range request.Timeseries {
		if slices.ContainsFunc(series.Labels, func(l prompb.Label) bool { return l.Name == "__name__" && l.Value == "confianza_mentions" }) {
			for _, sample := range series.Samples {
				sum += int64(sample.Value)
			}
		}
	}
	return sum
}
