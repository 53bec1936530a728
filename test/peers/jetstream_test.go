//go:build peers

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// jetstream is the real one, listening to a network.
type jetstream struct {
	t       *testing.T
	n       *network
	data    string
	port    int
	process *process
	started time.Time
}

// jetstream starts one, and returns once it hears the network: what was said
// before that it never knows of.
func (n *network) jetstream() *jetstream {
	n.t.Helper()
	j := &jetstream{t: n.t, n: n, data: n.t.TempDir(), port: freePort(n.t)}
	j.start()
	first := n.person("primera")
	eventually(n.t, "Jetstream hears the PDS", 30*time.Second, func() bool {
		first.post("en", "is anybody there?")
		return len(j.replay(time.Second, func([]event) bool { return true })) > 0
	})
	return j
}

func (j *jetstream) start() {
	j.t.Helper()
	bin := need(j.t, filepath.Join(folder(j.t), "bin", "jetstream"))
	cmd := exec.Command(bin, "--ws-url", "ws"+strings.TrimPrefix(j.n.PDS, "http")+"/xrpc/com.atproto.sync.subscribeRepos",
		"--listen-addr", fmt.Sprintf("127.0.0.1:%d", j.port), "--metrics-listen-addr", fmt.Sprintf("127.0.0.1:%d", freePort(j.t)),
		"--liveness-ttl", "24h", "--data-dir", j.data)
	log, err := os.Create(filepath.Join(j.t.TempDir(), "jetstream.log"))
	if err != nil {
		j.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	j.process, j.started = start(j.t, cmd), time.Now()
	eventually(j.t, "Jetstream listens", 20*time.Second, func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", j.port))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// restart stops it as its operator would.
func (j *jetstream) restart() {
	j.t.Helper()
	j.process.stop(j.t)
	j.start()
}

// crash kills it; it may then tell some seconds once more, at other times. It
// writes its place at the PDS down every five seconds; killed before the first
// time it would go on from "now", which is no fault of its readers.
func (j *jetstream) crash() {
	j.t.Helper()
	time.Sleep(time.Until(j.started.Add(7 * time.Second)))
	j.process.kill()
	j.start()
}

func (j *jetstream) address() string { return fmt.Sprintf("ws://127.0.0.1:%d/subscribe", j.port) }

// event is what these tests read of one
// (https://github.com/bluesky-social/jetstream#example-events).
type event struct {
	DID    string `json:"did"`
	Micros int64  `json:"time_us"`
	Kind   string `json:"kind"`
	Commit struct {
		Operation, Collection, RKey string
		Record                      *struct {
			Text  string
			Langs []string
		}
	} `json:"commit"`
	Account struct {
		Active bool
		Status string
	} `json:"account"`
}

// replay reads from the beginning until what came is enough, at most for a
// while, with nothing of ours but the bare WebSocket.
func (j *jetstream) replay(within time.Duration, enough func([]event) bool) (all []event) {
	j.t.Helper()
	ctx, cancel := context.WithTimeout(j.t.Context(), within)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, j.address()+"?cursor=1&wantedCollections="+posts, nil)
	if err != nil {
		return nil
	}
	defer conn.CloseNow()
	for {
		_, message, err := conn.Read(ctx)
		if err != nil {
			return all
		}
		var e event
		if err := json.Unmarshal(message, &e); err != nil {
			j.t.Fatalf("Jetstream said %q: %v", message, err)
		}
		if all = append(all, e); enough(all) {
			return all
		}
	}
}
