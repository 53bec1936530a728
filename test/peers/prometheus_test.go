//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// prometheus is a real one that scrapes a binary.
type prometheus struct {
	t       *testing.T
	address string
}

func scrape(t *testing.T, b *binary) *prometheus {
	t.Helper()
	bin, folder := command(t, "prometheus"), t.TempDir()
	target, err := url.Parse(b.address)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(folder, "prometheus.yml")
	err = os.WriteFile(config, fmt.Appendf(nil, `scrape_configs:
  - job_name: confianza
    scrape_interval: 500ms
    scrape_timeout: 500ms
    static_configs: [{targets: ["%s"]}]
`, target.Host), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := &prometheus{t, fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	start(t, exec.Command(bin, "--config.file", config, "--storage.tsdb.path", filepath.Join(folder, "data"),
		"--web.listen-address", p.address, "--log.level", "error"))
	return p
}

// answers waits until a query gives one sample with a value.
func (p *prometheus) answers(query, want string) {
	p.t.Helper()
	eventually(p.t, query+" is "+want, 20*time.Second, func() bool {
		got, err := http.Get("http://" + p.address + "/api/v1/query?query=" + url.QueryEscape(query))
		if err != nil {
			return false // it is starting
		}
		defer got.Body.Close()
		var body struct {
			Data struct {
				Result []struct{ Value [2]any }
			}
		}
		err = json.NewDecoder(got.Body).Decode(&body)
		return err == nil && len(body.Data.Result) == 1 && body.Data.Result[0].Value[1] == want
	})
}

// check gives a page of metrics to promtool.
func check(t *testing.T, metrics string) {
	t.Helper()
	tool := exec.Command(command(t, "promtool"), "check", "metrics")
	tool.Stdin = strings.NewReader(metrics)
	if out, err := tool.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}
