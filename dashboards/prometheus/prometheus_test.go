package prometheus

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// rule is what concerns us of a rule in a file.
type rule struct {
	Alert, Record, Expr string
	Labels, Annotations map[string]string
	team                string
}

func rules(t *testing.T) (all []rule) {
	t.Helper()
	for _, team := range []string{"marketing", "operators"} {
		var file struct{ Groups []struct{ Rules []rule } }
		if err := yaml.Unmarshal(Rules()[team+".yml"], &file); err != nil {
			t.Fatal(err)
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				if r.team = team; r.Alert != "" && r.Labels["team"] != team {
					t.Errorf("%s.yml: %s is for %s", team, r.Alert, r.Labels["team"])
				}
				all = append(all, r)
			}
		}
	}
	if len(all) < 15 {
		t.Fatalf("only %d rules", len(all))
	}
	return all
}

// tool runs a program that `make peers` installs, and wants it content.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not here; make peers installs it", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestRulesFireAndAreQuiet(t *testing.T) {
	tool(t, "promtool", "check", "rules", "operators.yml", "marketing.yml")
	tool(t, "promtool", "test", "rules", "operators_test.yml", "lag_test.yml", "marketing_test.yml")
}

func TestAlertmanagerRoutes(t *testing.T) {
	tool(t, "amtool", "check-config", "alertmanager.yml")
	for labels, want := range map[string]string{
		"team=operators severity=critical": "operators-now",
		"team=operators severity=warning":  "operators",
		"team=operators severity=info":     "operators",
		"team=marketing brand=Acme":        "marketing",
		"alertname=SomebodyElses":          "operators",
	} {
		args := append([]string{"config", "routes", "test", "--config.file=alertmanager.yml", "--verify.receivers=" + want}, strings.Fields(labels)...)
		tool(t, "amtool", args...)
	}
}

// Every alert is tried, and says in both languages what is wrong and what to
// do, and where to read more.
func TestEveryAlertIsExplained(t *testing.T) {
	tests, err := os.ReadFile("operators_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	lags, err := os.ReadFile("lag_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	marketing, err := os.ReadFile("marketing_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	tests = slices.Concat(tests, lags, marketing)
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	anchors := headings(manual)
	for _, r := range rules(t) {
		if r.Alert == "" {
			continue
		}
		if fires := fmt.Sprintf(`alertname="%s", alertstate="firing"`, r.Alert); !bytes.Contains(tests, []byte(fires)) {
			t.Errorf("%s: no test sees it fire", r.Alert)
		}
		for _, a := range []string{"summary", "description", "summary_es", "description_es"} {
			if text := r.Annotations[a]; !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s is no sentence: %q", r.Alert, a, text)
			}
		}
		page, anchor, _ := strings.Cut(r.Annotations["runbook"], "#")
		if page != "docs/operating.md" || !slices.Contains(anchors, anchor) {
			t.Errorf("%s: runbook %q leads nowhere; there are %s", r.Alert, r.Annotations["runbook"], strings.Join(anchors, " "))
		}
		if s := r.Labels["severity"]; !slices.Contains([]string{"critical", "warning", "info"}, s) {
			t.Errorf("%s: labels %v", r.Alert, r.Labels)
		}
	}
}

// headings are the anchors of a document's headings, as GitHub makes them.
func headings(markdown []byte) (anchors []string) {
	other := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.Lines(string(markdown)) {
		if text, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			anchors = append(anchors, strings.ReplaceAll(strings.ToLower(other.ReplaceAllString(strings.TrimSpace(text), "")), " ", "-"))
		}
	}
	return anchors
}

// What the rules ask for is on /metrics.
func TestRulesUseDocumentedMetrics(t *testing.T) {
	table, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	scraped, _, _ := bytes.Cut(table, []byte("\n## To be asked for")) // what follows is not on /metrics
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([a-z]+) \\| ([a-z, ]*) \\|")
	kinds, labels := map[string]string{}, map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(scraped), -1) {
		kinds[m[1]], labels[m[1]] = m[2], m[3]
	}
	selector := regexp.MustCompile(`(source:)?(confianza_[a-z_]+)(:[a-z0-9]+)?(?:\{([^}]*)\})?`)
	seen := 0
	for _, r := range rules(t) {
		for _, m := range selector.FindAllStringSubmatch(r.Expr, -1) {
			seen++
			name := m[2]
			if kinds[name] == "" {
				for _, suffix := range []string{"_count", "_sum", "_bucket"} {
					if base, ok := strings.CutSuffix(name, suffix); ok && kinds[base] == "histogram" {
						name = base
					}
				}
			}
			if kinds[name] == "" {
				t.Errorf("%s%s: %s is not on /metrics", r.Alert, r.Record, m[2])
			}
			for _, l := range regexp.MustCompile(`([a-z]+) *[=!]`).FindAllStringSubmatch(m[4], -1) {
				if !slices.Contains(strings.Split(labels[name], ", "), l[1]) {
					t.Errorf("%s%s: %s has no label %s", r.Alert, r.Record, name, l[1])
				}
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d metrics were looked up", seen)
	}
}

// What falls when a source goes deaf is held back by the inhibition that asks
// for needs=listening; an episode is not.
func TestFallenVolumeWaitsForSources(t *testing.T) {
	for _, r := range rules(t) {
		if r.team != "marketing" {
			continue
		}
		if got, want := r.Labels["needs"] == "listening", r.Alert == "ConfianzaVolumeFell"; got != want {
			t.Errorf("%s: needs %q", r.Alert, r.Labels["needs"])
		}
	}
	if !bytes.Contains(Alertmanager, []byte(`target_matchers: [team="marketing", needs="listening"]`)) {
		t.Error("nothing holds it back")
	}
}
