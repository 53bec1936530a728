//go:build peers

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// inbox takes what an Alertmanager tells a webhook, and counts its messages by
// status for each alert.
type inbox struct {
	mu   sync.Mutex
	said map[string]int // "firing Deaf": messages
}

func (i *inbox) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var message struct {
		Alerts []struct {
			Status string
			Labels map[string]string
		}
	}
	if json.NewDecoder(r.Body).Decode(&message) != nil {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, a := range message.Alerts {
		i.said[a.Status+" "+a.Labels["alertname"]]++
	}
}

func (i *inbox) count(what string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.said[what]
}

// alertmanager starts a real one at a port, over a folder that outlives it.
func alertmanager(t *testing.T, folder string, port int, webhook string) *process {
	t.Helper()
	config := filepath.Join(folder, "alertmanager.yml")
	err := os.WriteFile(config, fmt.Appendf(nil, `route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 4h}
receivers: [{name: hook, webhook_configs: [{url: %q, send_resolved: true}]}]
`, webhook), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, exec.Command(command(t, "prometheus-alertmanager", "alertmanager"), "--config.file", config, "--storage.path", filepath.Join(folder, "data"),
		"--web.listen-address", fmt.Sprintf("127.0.0.1:%d", port), "--cluster.listen-address=", "--log.level=error"))
}

// stream is a Jetstream of one account that says something all the time, until
// it is stopped.
func stream(t *testing.T, address string) (stop func()) {
	t.Helper()
	on, off := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		ctx := conn.CloseRead(r.Context())
		defer context.AfterFunc(on, func() { conn.CloseNow() })()
		for n := 0; ctx.Err() == nil && on.Err() == nil; n++ {
			at := time.Now()
			event := fmt.Sprintf(`{"did":"did:plc:ana","time_us":%d,"kind":"commit","commit":{"rev":"3k%d","operation":"create","collection":"app.bsky.feed.post","rkey":"r%d","record":{"createdAt":%q,"text":"Zafiro"}}}`,
				at.UnixMicro(), n, at.UnixMicro(), at.UTC().Format(time.RFC3339Nano))
			if conn.Write(ctx, websocket.MessageText, []byte(event)) != nil {
				return
			}
			select {
			case <-ctx.Done():
			case <-on.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	}))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	stop = sync.OnceFunc(func() {
		off() // what was taken over from the server does not end with it
		s.Close()
	})
	t.Cleanup(stop)
	return stop
}

// A source goes deaf and is heard again; the Alertmanager is there, is not, and
// is again. Each change is told once.
func TestAlertsReachAlertmanager(t *testing.T) {
	box := &inbox{said: map[string]int{}}
	hook := httptest.NewServer(box)
	t.Cleanup(hook.Close)
	folder, port, jet := t.TempDir(), freePort(t), fmt.Sprintf("127.0.0.1:%d", freePort(t))
	am := alertmanager(t, folder, port, hook.URL)
	stop := stream(t, jet)
	b := newBinary(t, "ws://"+jet+"/subscribe")
	b.stop()

	rules := filepath.Join(t.TempDir(), "mine.yml")
	if err := os.WriteFile(rules, []byte("groups: [{name: mine, interval: 1s, rules: [{alert: Deaf, expr: 'confianza_listening == 0', for: 1s}]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := os.OpenFile(b.config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "alerting:\n  rules: [%q]\n  alertmanagers: [{url: 'http://127.0.0.1:%d'}]\n", rules, port)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	b.start()
	const patience = 2 * time.Minute // the binary looks at itself every 15 s
	told := func(what string, times int) {
		t.Helper()
		eventually(t, fmt.Sprintf("%s, told %d times", what, times), patience, func() bool { return box.count(what) >= times })
		if got := box.count(what); got != times {
			t.Errorf("%s: told %d times, want %d", what, got, times)
		}
	}
	eventually(t, "the source is heard", patience, func() bool { return b.metric("confianza_listening{") == 1 })

	stop()
	told("firing Deaf", 1)
	stop = stream(t, jet)
	told("resolved Deaf", 1)

	am.kill()
	stop()
	eventually(t, "nobody answers", patience, func() bool {
		return b.metric("confianza_alertmanager_failing{") == 1 && b.metric("confianza_alertmanager_waiting{") >= 1
	})
	if got := box.count("firing Deaf"); got != 1 {
		t.Errorf("told %d times while the Alertmanager was off", got)
	}
	alertmanager(t, folder, port, hook.URL)
	told("firing Deaf", 2)
	stream(t, jet)
	told("resolved Deaf", 2)
	eventually(t, "all is told", patience, func() bool { return b.metric("confianza_alertmanager_failing{") == 0 })
}
