//go:build peers

package peers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"confianza/internal/synth"
)

// Every query of the operators' dashboard finds data in a real Prometheus that
// scrapes the real binary.
func TestOperationDashboard(t *testing.T) {
	posts := httptest.NewServer(synth.Jetstream{Stream: synth.Stream{Rate: 50, Brand: "Zafiro", Share: 100}})
	t.Cleanup(posts.Close)
	b := newBinary(t, "ws"+strings.TrimPrefix(posts.URL, "http"))
	b.stop()
	config, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.config, append(config, "remote_write: [{url: 'http://127.0.0.1:1/write'}]\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start()
	p := scrape(t, b)

	file, err := os.ReadFile("../../dashboards/grafana/es/operation.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(file, &d); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, panel := range d.Panels {
		for _, q := range panel.Targets {
			asked++
			expr := strings.ReplaceAll(q.Expr, "$__rate_interval", "10s")
			eventually(t, panel.Title+" has data: "+expr, 20*time.Second, func() bool { return p.finds(expr) })
		}
	}
	if asked < 15 {
		t.Errorf("only %d queries were asked", asked)
	}
	b.stop()
}

// finds tells whether a query gives any sample.
func (p *prometheus) finds(query string) bool {
	got, err := http.Get("http://" + p.address + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		return false
	}
	defer got.Body.Close()
	var body struct {
		Error string
		Data  struct{ Result []any }
	}
	if got.StatusCode == http.StatusServiceUnavailable {
		return false // it is starting
	}
	if err := json.NewDecoder(got.Body).Decode(&body); err != nil || body.Error != "" {
		p.t.Fatalf("%s: %v %s", query, err, body.Error)
	}
	return len(body.Data.Result) > 0
}
