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
	r.eventually("a refusal", func() bool { return r.metric(`confianza_messages_failing{address="",channel="box"} `) == 1 })
	if page := r.get("?lang=es"); !strings.Contains(page, "Error del servidor (5xx).</b>") || !strings.Contains(page, "502 Bad Gateway: not yet") {
		t.Error("the page does not say why messages are not taken")
	}
	mu.Lock()
	refuse = false
	mu.Unlock()
	r.eventually("the message", func() bool { return r.metric(`confianza_messages_total{address="",channel="box"} `) == 1 })
	r.end()
	r = begin()
	r.eventually("the alert again", func() bool { return strings.Contains(r.get("?lang=es"), "Hay tormenta") })
	r.eventually("some rounds", func() bool { return r.metric(`confianza_alerts{state="firing"} `) >= 1 })
	write(t, file, strings.Replace(telling, "name: box", "name: other", 1), filepath.Join(dir, "data"), rules, "http://127.0.0.1:1")
	if got := r.reload(); got != "reloaded\n" {
		t.Errorf("reload: %s", got)
	}
	r.eventually("the other channel", func() bool {
		return strings.Contains(r.get("metrics"), `confianza_messages_failing{address="",channel="other"}`)
	})
	if strings.Contains(r.get("metrics"), `confianza_messages_failing{address="",channel="box"}`) {
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

// Each address of a mail channel is told by itself, and is the same whatever the
// channel is called; so is a chat whose secret address is renewed.
func TestChannelsGoByTheirDestination(t *testing.T) {
	t.Setenv("CHAT", "https://chat.example/first")
	of := func(name string) (all []messages.Channel) {
		c, err := config.Parse("test.yml", []byte("brands: [{name: Delta}]\nalerting:\n  mail:\n    - {name: "+name+
			", server: 'mail.example:25', from: us@example.org, to: [Ana <ana@example.org>, eva@example.org]}\n    - {name: alone, server: 'mail.example:25', from: us@example.org, to: [eva@example.org]}\n"+
			"  webhooks: [{name: "+name+" chat, url_from: {env: CHAT}, format: slack}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		if all, err = channels(c, "test"); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := of("mail")
	t.Setenv("CHAT", "https://chat.example/second")
	after := of("crisis")
	for i, address := range []int{1, 2, 0, 0} {
		if before[i].Address != address || before[i].Destination != after[i].Destination || (before[i].Name == after[i].Name) != (i == 2) {
			t.Errorf("%d: before %+v, after %+v", i, before[i], after[i])
		}
	}
	if before[0].Destination != "mailto:ana@example.org" || before[1].Destination == before[0].Destination {
		t.Errorf("destinations %q and %q", before[0].Destination, before[1].Destination)
	}
	if err := before[0].Sender.(*messages.Mail); err.At != 0 || before[1].Sender.(*messages.Mail).At != 1 || len(err.To) != 2 {
		t.Errorf("sent to %d of %q", err.At, err.To)
	}
}

// The page shows what is well of a channel as one, and names what is not.
func TestAddressesOnThePage(t *testing.T) {
	early, late := time.Unix(1000, 0), time.Unix(2000, 0)
	all := addressed([]messages.Delivery{
		{Name: "mail", Address: 1, Last: early},
		{Name: "mail", Address: 2, Err: &messages.Refused{Server: "mail.example", Code: 550, Said: "no such user"}},
		{Name: "mail", Address: 3, Last: late},
		{Name: "chat", Last: early},
	})
	if len(all) != 3 || all[0].Address != 0 || !all[0].Last.Equal(late) || all[1].Address != 2 || all[1].Cause != "missing" || all[1].Err != "mail by mail.example: 550 no such user" || all[2].Name != "chat" {
		t.Errorf("got %+v", all)
	}
}
