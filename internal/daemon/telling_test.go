package daemon

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"confianza/internal/config"
	"confianza/internal/messages"
)

const telling = `brands: [{name: Delta}]
data: %s
web: {listen: '127.0.0.1:0'}
sources:
  bluesky: {urls: ['ws://127.0.0.1:1']}
  feeds: {enabled: false}
  hackernews: {enabled: false}
alerting:
  rules: ['%s']
  webhooks: [{name: box, url: '%s', teams: [marketing]}]
`

// An alert of the operator's own rules reaches a webhook once, over a restart,
// and a webhook that refuses is on the page and in the metrics.
func TestPeopleAreTold(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []messages.Message
	refuse := true
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var m messages.Message
		if refuse {
			http.Error(w, "not yet", http.StatusBadGateway)
		} else if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		} else {
			got = append(got, m)
		}
	}))
	t.Cleanup(hook.Close)
	dir := t.TempDir()
	file, rules := filepath.Join(dir, "confianza.yml"), filepath.Join(dir, "mine.yml")
	write(t, rules, "groups: [{name: mine, interval: 1s, rules: [{alert: Storm, expr: 'vector(1)', labels: {team: marketing, severity: critical, brand: Delta}, annotations: {summary: It storms, summary_es: Hay tormenta}}]}]\n")
	write(t, file, telling, filepath.Join(dir, "data"), rules, hook.URL)
	begin := func() *running {
		load := func() (*config.Config, error) { return config.Load(file) }
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		return startWith(t, Options{Config: c, Load: load, Version: "test", Log: slog.New(slog.DiscardHandler), Evaluate: 50 * time.Millisecond, Gather: time.Millisecond, Lifecycle: true})
	}
	r := begin()
	r.eventually("a refusal", func() bool { return r.metric(`confianza_messages_failing{channel="box"} `) == 1 })
	if page := r.get("?lang=es"); !strings.Contains(page, "Error del servidor (5xx).</b>") || !strings.Contains(page, "502 Bad Gateway: not yet") {
		t.Error("the page does not say why messages are not taken")
	}
	mu.Lock()
	refuse = false
	mu.Unlock()
	r.eventually("the message", func() bool { return r.metric(`confianza_messages_total{channel="box"} `) == 1 })
	r.end()
	r = begin()
	r.eventually("the alert again", func() bool { return strings.Contains(r.get("?lang=es"), "Hay tormenta") })
	r.eventually("some rounds", func() bool { return r.metric(`confianza_alerts{state="firing"} `) >= 1 })
	write(t, file, strings.Replace(telling, "name: box", "name: other", 1), filepath.Join(dir, "data"), rules, "http://127.0.0.1:1")
	if got := r.reload(); got != "reloaded\n" {
		t.Errorf("reload: %s", got)
	}
	r.eventually("the other channel", func() bool { return strings.Contains(r.get("metrics"), `confianza_messages_failing{channel="other"}`) })
	if strings.Contains(r.get("metrics"), `confianza_messages_failing{channel="box"}`) {
		t.Error("a channel that is no more could fail for ever")
	}
	r.end()
	mu.Lock()
	defer mu.Unlock()
	if len(got) == 1 && (got[0].Changes[0].Facts == nil || got[0].Changes[0].Facts.Examples == nil || got[0].Changes[0].Facts.Drivers == nil || got[0].Changes[0].Facts.Measures[0].Name != "mentions_per_hour" || len(got[0].Changes[0].Facts.Deaf) != 1) {
		t.Errorf("facts %+v, want the volume, and that nothing is heard", got[0].Changes[0].Facts)
	}
	if len(got) != 1 || got[0].Brand != "Delta" || got[0].Changes[0].Phase != messages.Begun || got[0].Changes[0].Annotations["summary_es"] != "Hay tormenta" {
		t.Errorf("told %+v, want once that it began", got)
	}
}
