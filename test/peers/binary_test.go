//go:build peers

package peers

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// binary is the real confianza over one data folder.
type binary struct {
	t       *testing.T
	config  string
	data    string
	process *process
	address string
}

func newBinary(t *testing.T, config string) *binary {
	t.Helper()
	b := &binary{t: t, data: t.TempDir()}
	b.config = filepath.Join(t.TempDir(), "confianza.yml")
	if err := os.WriteFile(b.config, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start()
	return b
}

var page = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

func (b *binary) start() {
	b.t.Helper()
	bin, err := filepath.Abs("../../build/confianza")
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command(need(b.t, bin), "run", "--config", b.config, "--data", b.data, "--listen", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.process = start(b.t, cmd)
	b.address = ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if b.address = page.FindString(lines.Text()); b.address != "" {
			break
		}
	}
	if b.address == "" {
		b.t.Fatal("the binary ended without saying where its page is")
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
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body)
}

// metric adds up the samples whose line begins with a prefix.
func (b *binary) metric(prefix string) (sum float64) {
	b.t.Helper()
	for line := range strings.Lines(b.get("metrics")) {
		if strings.HasPrefix(line, prefix) {
			n, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " ")+1:]), 64)
			if err != nil {
				b.t.Fatal(err)
			}
			sum += n
		}
	}
	return sum
}

// stored reads what a stopped binary left behind: every mention that may be
// shown, and what the rollups count.
func (b *binary) stored() (shown []mention.Mention, counted int64) {
	b.t.Helper()
	s, err := store.Open(b.t.Context(), b.data, store.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Close()
	shown, err = s.Latest(b.t.Context(), store.LatestQuery{Limit: 10_000})
	if err != nil {
		b.t.Fatal(err)
	}
	now := time.Now()
	counts, err := s.Counts(b.t.Context(), store.CountQuery{Step: time.Hour, Span: mention.Span{From: now.Add(-48 * time.Hour), To: now.Add(time.Hour)}})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range counts {
		counted += c.N
	}
	return shown, counted
}

func blueskyConfig(address string) string {
	return fmt.Sprintf(`brands:
  - name: Zafiro
    names: [Zafiro, Aerolíneas Zafiro]
sources:
  bluesky: {urls: ["%s"], idle: 1h}
`, address)
}
