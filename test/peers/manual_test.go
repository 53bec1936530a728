//go:build peers

package peers

import (
	"bytes"
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

// manual is the lines of docs/operating.md that stand as code behind a marker,
// with its addresses, paths and password hashes replaced by the test's own.
func manual(t *testing.T, marker string, replace ...string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, behind, found := strings.Cut(string(page), marker)
	if !found {
		t.Fatalf("the manual does not say %q any more", marker)
	}
	var code []string
	for _, line := range strings.Split(behind, "\n")[1:] {
		if line == "" && len(code) > 0 {
			break
		}
		if strings.HasPrefix(line, "    ") {
			code = append(code, line)
		}
	}
	indent := len(code[0]) - len(strings.TrimLeft(code[0], " "))
	for i, line := range code {
		code[i] = line[min(indent, len(line)):]
	}
	return strings.NewReplacer(replace...).Replace(strings.Join(code, "\n") + "\n")
}

func put(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Who follows the manual has confianza in a Prometheus of theirs, behind TLS and
// a password: scraped, with the rules, and read remotely.
func TestPluggedInByTheManual(t *testing.T) {
	g := guard(t)
	const sum = `sum(sum_over_time(confianza_mentions{brand="Zafiro"}[1d]))`
	if status, body := g.ask(sum); status != http.StatusOK || !strings.Contains(body, `"3"`) {
		t.Errorf("the API with a password: %d %s", status, body)
	}
	target, err := url.Parse(g.address)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	ca, secret := filepath.Join(filepath.Dir(g.config), "confianza.crt"), filepath.Join(folder, "password")
	put(t, secret, g.password+"\n")
	replace := []string{"127.0.0.1:8321", target.Host, "http://", "https://", "/etc/prometheus/confianza-ca.pem", ca, "/etc/prometheus/confianza-password", secret}
	secure := manual(t, "Behind TLS and a password ([above](#security)), also:", replace...)
	indented := "    " + strings.ReplaceAll(strings.TrimSpace(secure), "\n", "\n    ") + "\n"
	_, noScheme, _ := strings.Cut(indented, "\n") // the address says it there
	config := "global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}\n" +
		manual(t, "the rules ask for it by that name:", replace...) + indented +
		manual(t, "beside it, and:") +
		manual(t, "without keeping anything of it:", replace...) + noScheme
	put(t, filepath.Join(folder, "prometheus.yml"), config)
	rules := 0
	for _, name := range []string{"operators.yml", "marketing.yml"} {
		b, err := os.ReadFile("../../dashboards/prometheus/" + name)
		if err != nil {
			t.Fatal(err)
		}
		rules += bytes.Count(b, []byte("- alert: "))
		put(t, filepath.Join(folder, "confianza", name), strings.NewReplacer("interval: 1m\n", "interval: 1s\n", "interval: 30s\n", "interval: 1s\n").Replace(string(b)))
	}
	if out, err := exec.Command(command(t, "promtool"), "check", "config", filepath.Join(folder, "prometheus.yml")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, config)
	}
	p := &prometheus{t, fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	start(t, exec.Command(command(t, "prometheus"), "--config.file", filepath.Join(folder, "prometheus.yml"), "--storage.tsdb.path", filepath.Join(folder, "data"),
		"--web.listen-address", p.address, "--log.level", "error"))
	p.answers(`up{job="confianza"}`, "1")
	p.answers(`sum(confianza_ingested_mentions_total)`, "3")
	p.answers(sum, "3")
	eventually(t, "every rule evaluated, none with an error", 20*time.Second, func() bool { return p.rulesAreWell(rules) })

	g.password = "wrong"
	if status, _ := g.ask(sum); status != http.StatusUnauthorized {
		t.Errorf("the API with a wrong password: %d", status)
	}
}

// rulesAreWell tells whether so many alerting rules were evaluated without error.
func (p *prometheus) rulesAreWell(want int) bool {
	answer, err := http.Get("http://" + p.address + "/api/v1/rules?type=alert")
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var body struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Health string }
			}
		}
	}
	if json.NewDecoder(answer.Body).Decode(&body) != nil {
		return false
	}
	well := 0
	for _, g := range body.Data.Groups {
		for _, r := range g.Rules {
			if r.Health == "ok" {
				well++
			}
		}
	}
	return well == want
}
