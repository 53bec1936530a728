// Package deploy holds the files that install confianza, and checks them as
// files: no container engine runs here.
package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"confianza/internal/config"
)

type service struct {
	Image, Build string
	NetworkMode  string `yaml:"network_mode"`
	Command      []string
	Environment  map[string]string
	Volumes      []string
	Ports        []string
}

func TestCompose(t *testing.T) {
	b, err := os.ReadFile("compose/compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]service
		Volumes  map[string]any
	}
	if err := yaml.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`:v?\d+\.\d+\.\d+$`)
	for _, name := range []string{"confianza", "prometheus", "alertmanager", "grafana"} {
		s, ok := file.Services[name]
		if !ok {
			t.Errorf("%s is missing", name)
		}
		if s.Build == "" && !pinned.MatchString(s.Image) {
			t.Errorf("%s: image %q has no exact version", name, s.Image)
		}
		if s.Build != "" {
			exists(t, filepath.Join("compose", s.Build, "Dockerfile"))
		}
		for _, v := range s.Volumes {
			from, to, _ := strings.Cut(v, ":")
			if strings.HasPrefix(from, ".") {
				exists(t, filepath.Join("compose", from))
				if !strings.HasSuffix(to, ":ro") {
					t.Errorf("%s may write to %s", name, from)
				}
			} else if _, ok := file.Volumes[from]; !ok {
				t.Errorf("%s: volume %s is not declared", name, from)
			}
		}
		// On the machine's own network what is not told otherwise listens everywhere.
		listens := strings.Join(s.Command, " ") + " " + s.Environment["GF_SERVER_HTTP_ADDR"]
		if s.NetworkMode != "host" || len(s.Ports) > 0 || name != "confianza" && !strings.Contains(listens, "127.0.0.1") {
			t.Errorf("%s listens elsewhere than on loopback", name)
		}
	}
}

// Grafana finds dashboards where its provisioning looks for them.
func TestComposeDashboards(t *testing.T) {
	compose, err := os.ReadFile("compose/compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	provisioning, err := os.ReadFile("../dashboards/grafana/provisioning/dashboards/confianza.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Services map[string]service }
	if err := yaml.Unmarshal(compose, &file); err != nil {
		t.Fatal(err)
	}
	var looks struct {
		Providers []struct{ Options struct{ Path string } }
	}
	if err := yaml.Unmarshal(provisioning, &looks); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, v := range file.Services["grafana"].Volumes {
		from, to, _ := strings.Cut(strings.TrimSuffix(v, ":ro"), ":")
		if !strings.HasPrefix(to, looks.Providers[0].Options.Path) {
			continue
		}
		boards, err := filepath.Glob(filepath.Join("compose", from, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		found += len(boards)
	}
	if found != 8 { // four in each of two languages
		t.Errorf("%d dashboards are mounted below %s, want 8", found, looks.Providers[0].Options.Path)
	}
}

func exists(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// The configuration that is mounted runs, on loopback.
func TestComposeConfiguration(t *testing.T) {
	c, err := config.Load("compose/confianza.yml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Brands) == 0 || c.Alerting.Evaluate || !strings.HasPrefix(c.Web.Listen, "127.0.0.1:") {
		t.Errorf("got %+v", c)
	}
}

// promtool reads the rules through the path that they are mounted at.
func TestComposePrometheus(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not here; make peers installs it")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "confianza"), 0o700); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"compose/prometheus.yml": "prometheus.yml", "../dashboards/prometheus/operators.yml": "confianza/operators.yml", "../dashboards/prometheus/marketing.yml": "confianza/marketing.yml"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(tool, "check", "config", filepath.Join(dir, "prometheus.yml")).CombinedOutput(); err != nil || !strings.Contains(string(out), "rules found") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Nothing in the image or the unit runs as root, and versions are exact.
func TestImageAndUnit(t *testing.T) {
	for file, wants := range map[string][]string{
		"../Dockerfile":             {"FROM scratch", "USER 65532:65532", "CGO_ENABLED=0"},
		"systemd/confianza.service": {"DynamicUser=yes", "ProtectSystem=strict", "StateDirectory=confianza", "ExecReload=/bin/kill -HUP $MAINPID"},
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wants {
			if !strings.Contains(string(b), w) {
				t.Errorf("%s does not say %s", file, w)
			}
		}
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)`).FindStringSubmatch(string(mod))[1]
	if b, _ := os.ReadFile("../Dockerfile"); !strings.Contains(string(b), "golang:"+version+"-") {
		t.Errorf("the image is not built with Go %s, as go.mod asks", version)
	}
}
