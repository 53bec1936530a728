//go:build peers

package peers

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What a real Prometheus reads remotely adds up to the store's count: history
// from before it was started included, over a restart of the binary.
func TestRemoteReadAddsUp(t *testing.T) {
	b := newBinary(t, "ws://127.0.0.1:1/subscribe")
	b.brings(2*time.Minute, 2*time.Minute, 3*time.Hour, 40*time.Hour, 900*time.Hour)
	r := newReceiver(t)
	reading := func() {
		r.process.stop(t)
		config := fmt.Appendf(nil, "remote_read:\n  - {url: '%sapi/v1/read', read_recent: true, filter_external_labels: false}\nglobal: {external_labels: {site: lab}}\n", b.address)
		if err := os.WriteFile(filepath.Join(r.folder, "prometheus.yml"), config, 0o600); err != nil {
			t.Fatal(err)
		}
		r.start()
	}
	reading()
	const sum = `sum(sum_over_time(confianza_mentions{brand="Zafiro",polarity="negative"}[%s]))`
	r.answers(fmt.Sprintf(sum, "2d"), "4")
	r.answers(fmt.Sprintf(sum, "60d"), "5")
	b.brings(3*time.Hour, 900*time.Hour) // the past changes
	r.answers(fmt.Sprintf(sum, "60d"), "7")
	b.stop()
	b.start()
	reading() // the binary's address is another one now
	r.answers(fmt.Sprintf(sum, "60d"), "7")
	b.stop()
}
