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

// receiver is a real Prometheus that takes remote writes, over a folder it can be
// started on again.
type receiver struct {
	prometheus
	bin, folder string
	process     *process
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{prometheus{t, fmt.Sprintf("127.0.0.1:%d", freePort(t))}, command(t, "prometheus"), t.TempDir(), nil}
	config := "storage:\n  tsdb:\n    out_of_order_time_window: 2d\n"
	if err := os.WriteFile(filepath.Join(r.folder, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	return r
}

func (r *receiver) start() {
	r.t.Helper()
	r.process = start(r.t, exec.Command(r.bin, "--config.file", filepath.Join(r.folder, "prometheus.yml"), "--storage.tsdb.path",
		filepath.Join(r.folder, "data"), "--web.listen-address", r.address, "--web.enable-remote-write-receiver", "--log.level", "error"))
}

// brings imports posts made so long ago into the running binary.
func (b *binary) brings(ago ...time.Duration) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "posts.csv")
	rows := "id,author,time,text\n"
	for i, d := range ago {
		b.brought++
		rows += fmt.Sprintf("%d,a%d,%s,Zafiro is terrible today\n", b.brought, i, time.Now().Add(-d).UTC().Format(time.RFC3339))
	}
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.Command(b.path, "import", "--config", b.config, "--data", b.data, file).CombinedOutput()
	if err != nil {
		b.t.Fatalf("import: %v\n%s", err, out)
	}
}

// What a real Prometheus has adds up to the store's count: late mentions,
// restarts of both sides and what is too old included.
func TestRemoteWriteAddsUp(t *testing.T) {
	r := newReceiver(t)
	b := newBinary(t, "ws://127.0.0.1:1/subscribe")
	b.stop()
	config, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	config = []byte(strings.Replace(string(config), "- name: Zafiro\n", "- name: Zafiro\n    incident: {date: 2026-10-01}\n", 1))
	err = os.WriteFile(b.config, fmt.Appendf(config, "remote_write:\n  - {name: main, url: 'http://%s/api/v1/write', labels: {site: lab}}\n", r.address), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	b.start()
	const sum = `sum(sum_over_time(confianza_mentions{brand="Zafiro",site="lab",polarity="negative"}[2d]))`
	// Nothing is between fifty minutes and a day old: Debian's Prometheus, once it has
	// made a block of such a minute, can lose a sample of it when it is started again;
	// a current one does not.
	b.brings(2*time.Minute, 2*time.Minute, 50*time.Minute, 40*time.Hour, 900*time.Hour)
	r.answers(sum, "4") // the oldest is from before the window

	b.brings(2*time.Minute, 50*time.Minute) // late for minutes that were sent
	r.answers(sum, "6")

	r.answers(`max_over_time(confianza_incident_timestamp_seconds{brand="Zafiro",site="lab"}[1d])`, "1790812800") // gauges go too

	r.process.stop(t)
	b.brings(40*time.Minute, 50*time.Minute)
	eventually(t, "a failure on the page", 30*time.Second, func() bool { return strings.Contains(b.get("?lang=es"), "no llega") })
	b.stop()
	r.start()
	b.start()
	r.answers(sum, "8")
	if got := b.metric(`confianza_remote_write_refused_samples_total`); got != 0 {
		t.Errorf("%v samples refused", got)
	}
	b.brings(5 * time.Minute)
	r.answers(sum, "9")
	b.stop()
}
