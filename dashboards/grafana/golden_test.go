package grafana

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// The files are what the code makes, hold only what Grafana's own types know,
// and say the same in both languages.
func TestDashboardsGolden(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for _, lang := range Languages() {
		files, err := Files(lang)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range files {
			path := filepath.Join(lang, name)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.MkdirAll(lang, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what the code makes (%v): run make golden", path, err)
			}
			//lint:ignore SA1019 the schema every Grafana reads
			var d dashboard.Dashboard
			// A list of no errors comes as an error that says nothing.
			if err := d.UnmarshalJSONStrict(got); err != nil && err.Error() != "" {
				t.Errorf("%s: %v", path, err)
			} else if err := d.Validate(); err != nil && err.Error() != "" {
				t.Errorf("%s: %v", path, err)
			}
		}
		if n := len(files); n != 4 {
			t.Errorf("%d dashboards in %s", n, lang)
		}
	}
}

// panel is what concerns us of a panel.
type panel struct {
	Title, Description, Type string
	Datasource               struct{ UID string }
	Targets                  []struct {
		Expr       string
		Datasource struct{ UID string }
	}
}

// read gives the panels, and the expressions of variables and annotations.
func read(t *testing.T, file []byte) (panels []panel, others []string) {
	t.Helper()
	var d struct {
		Panels      []panel
		Templating  struct{ List []struct{ Query any } }
		Annotations struct{ List []struct{ Expr string } }
	}
	if err := json.Unmarshal(file, &d); err != nil {
		t.Fatal(err)
	}
	for _, v := range d.Templating.List {
		if q, ok := v.Query.(string); ok && strings.Contains(q, "(") {
			others = append(others, q)
		}
	}
	for _, a := range d.Annotations.List {
		if a.Expr != "" {
			others = append(others, a.Expr)
		}
	}
	return d.Panels, others
}

var metric = regexp.MustCompile(`\b(?:confianza|process|go)_[a-z_]+`)

// Every panel says which question it answers, and every series it asks for is
// one that docs/metrics.md explains.
func TestPanelsAreExplained(t *testing.T) {
	table, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	known := func(name string) bool {
		name = strings.TrimSuffix(name, "_bucket")
		return strings.HasPrefix(name, "process_") || bytes.Contains(table, []byte("`"+name+"`"))
	}
	for _, lang := range Languages() {
		files, err := Files(lang)
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range files {
			panels, exprs := read(t, file)
			if len(panels) < 8 {
				t.Errorf("%s %s has %d panels", lang, name, len(panels))
			}
			for _, p := range panels {
				if p.Title == "" || p.Description == "" && p.Type != "text" {
					t.Errorf("%s %s: panel %q explains nothing", lang, name, p.Title)
				}
				for _, q := range p.Targets {
					exprs = append(exprs, q.Expr)
					if q.Datasource.UID != "${datasource}" || p.Datasource.UID != "${datasource}" {
						t.Errorf("%s %s: %q asks a data source of its own", lang, name, p.Title)
					}
				}
			}
			for _, e := range exprs {
				for _, m := range metric.FindAllString(e, -1) {
					if !known(m) {
						t.Errorf("%s %s: %s is not in docs/metrics.md", lang, name, m)
					}
				}
			}
		}
	}
}
