package remotewrite

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"
)

// prometheus is a receiver that keeps samples as Prometheus does: another value
// for a time it has is refused, and takes the whole request with it.
type prometheus struct {
	t *testing.T
	*httptest.Server

	mu       sync.Mutex
	samples  map[string]map[int64]float64 // by labels and Unix milliseconds
	requests int
	before   func(r *http.Request) int // answers with a status when it is not 0
	after    func() int                // the same, once the samples are kept
	never    func(at int64) bool       // samples that are refused
	header   http.Header               // of every answer that is no 2xx
}

func receive(t *testing.T) *prometheus {
	p := &prometheus{t: t, samples: map[string]map[int64]float64{}, header: http.Header{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *prometheus) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests++
	if p.before != nil {
		if status := p.before(r); status != 0 {
			p.deny(w, status, "as the test wants")
			return
		}
	}
	req := p.read(r)
	if why := p.refuses(req); why != "" {
		p.deny(w, http.StatusBadRequest, why)
		return
	}
	for _, s := range req.Timeseries {
		key := named(s.Labels)
		if p.samples[key] == nil {
			p.samples[key] = map[int64]float64{}
		}
		for _, x := range s.Samples {
			p.samples[key][x.Timestamp] = x.Value
		}
	}
	if p.after != nil {
		if status := p.after(); status != 0 {
			p.deny(w, status, "as the test wants")
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *prometheus) deny(w http.ResponseWriter, status int, why string) {
	for k, v := range p.header {
		w.Header()[k] = v
	}
	http.Error(w, why, status)
}

func (p *prometheus) read(r *http.Request) (req prompb.WriteRequest) {
	for k, want := range map[string]string{"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy",
		"X-Prometheus-Remote-Write-Version": "0.1.0", "User-Agent": "confianza/test"} {
		if got := r.Header.Get(k); got != want {
			p.t.Errorf("%s: got %q, want %q", k, got, want)
		}
	}
	packed, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Error(err)
	}
	plain, err := snappy.Decode(nil, packed)
	if err != nil {
		p.t.Error(err)
	}
	if err := req.Unmarshal(plain); err != nil {
		p.t.Error(err)
	}
	return req
}

func (p *prometheus) refuses(req prompb.WriteRequest) string {
	for _, s := range req.Timeseries {
		last := int64(0)
		for _, x := range s.Samples {
			if x.Timestamp <= last {
				p.t.Errorf("%v: sample at %d after one at %d", s.Labels, x.Timestamp, last)
			}
			last = x.Timestamp
			if had, ok := p.samples[named(s.Labels)][x.Timestamp]; ok && had != x.Value {
				return "duplicate sample for timestamp"
			}
			if p.never != nil && p.never(x.Timestamp) {
				return "out of order sample"
			}
		}
	}
	return ""
}

// sum adds up all it has.
func (p *prometheus) sum() (n float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.samples {
		for _, v := range s {
			n += v
		}
	}
	return n
}

func named(labels []prompb.Label) (text string) {
	for _, l := range labels {
		text += fmt.Sprintf("%s=%q ", l.Name, l.Value)
	}
	return text
}
