//go:build peers

package peers

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"confianza/internal/metrics/metricstest"
)

// binary is the real confianza over one data folder.
type binary struct {
	t       *testing.T
	path    string
	config  string
	data    string
	log     *os.File
	process *process
	listen  string // "" is any port
	address string // of the page; ends with a slash
	brought int    // posts imported
}

// newBinary starts one that listens to a Jetstream's address alone.
func newBinary(t *testing.T, jetstream string) *binary {
	t.Helper()
	path, err := filepath.Abs("../../build/confianza")
	if err != nil {
		t.Fatal(err)
	}
	b := &binary{t: t, path: need(t, path), data: t.TempDir(), config: filepath.Join(t.TempDir(), "confianza.yml")}
	if b.log, err = os.Create(filepath.Join(t.TempDir(), "confianza.log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.tell)
	b.listenTo(jetstream)
	b.start()
	return b
}

// tell shows the log of a test that failed.
func (b *binary) tell() {
	defer b.log.Close()
	if b.t.Failed() {
		said, err := os.ReadFile(b.log.Name())
		b.t.Logf("confianza's log (%v):\n%s", err, said)
	}
}

// on finds the sources that need no section to be on.
var on = regexp.MustCompile(`(?m)^([a-z0-9]+) +on `)

// listenTo writes the configuration for the next start. Every other source is
// off, whatever there is by then: nothing here leaves loopback.
func (b *binary) listenTo(jetstream string) {
	b.t.Helper()
	listed, err := exec.Command(b.path, "sources").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	c := fmt.Sprintf(`brands:
  - name: Zafiro
    names: [Zafiro, Aerolíneas Zafiro]
scorer: vader # what it says of a few words is known; it reads English alone
sources:
  bluesky: {urls: ["%s"], replay: 24h, idle: 1h}
`, jetstream)
	for _, m := range on.FindAllStringSubmatch(string(listed), -1) {
		if m[1] != "bluesky" {
			c += fmt.Sprintf("  %s: {enabled: false}\n", m[1])
		}
	}
	if err := os.WriteFile(b.config, []byte(c), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

var page = regexp.MustCompile(`https?://127\.0\.0\.1:\d+/`)

func (b *binary) start() {
	b.t.Helper()
	cmd := exec.Command(b.path, "run", "--config", b.config, "--data", b.data, "--listen", cmp.Or(b.listen, "127.0.0.1:0"))
	cmd.Stderr = b.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	b.process = start(b.t, cmd)
	for lines.Scan() {
		if b.address = page.FindString(lines.Text()); b.address != "" {
			return
		}
	}
	b.t.Fatal("the binary ended without saying where its page is")
}

// stop ends it as Ctrl-C does, and expects no complaint.
func (b *binary) stop() {
	b.t.Helper()
	b.process.stop(b.t)
	if err := b.process.err; err != nil {
		b.t.Errorf("stopped with %v", err)
	}
}

func (b *binary) get(path string) string {
	b.t.Helper()
	answer, err := http.Get(b.address + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s, %v", path, answer.Status, err)
	}
	return string(body)
}

// metric adds up the samples whose line begins with a prefix.
func (b *binary) metric(prefix string) float64 {
	b.t.Helper()
	return metricstest.Sum(b.t, b.get("metrics"), prefix)
}
