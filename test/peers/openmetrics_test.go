//go:build peers

package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// History goes into a real Prometheus as blocks that promtool makes.
func TestHistoryAsBlocks(t *testing.T) {
	b := newBinary(t, "ws://127.0.0.1:1/subscribe")
	b.brings(3*time.Hour, 3*time.Hour, 100*time.Hour, 300*time.Hour)
	r := newReceiver(t)
	r.process.stop(t)
	file := filepath.Join(t.TempDir(), "history.om")
	if out, err := exec.Command(b.path, "export", "openmetrics", "--data", b.data, "--out", file).CombinedOutput(); err != nil || !strings.Contains(string(out), "3 samples") && !strings.Contains(string(out), "4 samples") {
		t.Fatalf("export: %v\n%s", err, out)
	}
	out, err := exec.Command(command(t, "promtool"), "tsdb", "create-blocks-from", "openmetrics", file, filepath.Join(r.folder, "data")).CombinedOutput()
	if err != nil {
		said, _ := os.ReadFile(file)
		t.Fatalf("promtool: %v\n%s\n%s", err, out, said)
	}
	r.start()
	r.answers(fmt.Sprintf(`sum(sum_over_time(confianza_mentions{brand="Zafiro",polarity="negative"}[%s]))`, "15d"), "4")
	if out, err := exec.Command(b.path, "export", "openmetrics", "--data", b.data, "--metric", "nothing").CombinedOutput(); err == nil || !strings.Contains(string(out), "confianza_mentions") {
		t.Errorf("a metric that does not exist: %v\n%s", err, out)
	}
	b.stop()
}
