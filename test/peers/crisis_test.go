//go:build peers

package peers

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/config"
	"confianza/internal/daemon"
)

// hastened is a clock that began some hours ago and runs so many times as fast
// as the machine's.
type hastened struct {
	began, from time.Time
	times       time.Duration
}

func (h hastened) now() time.Time { return h.from.Add(h.times * time.Since(h.began)) }

// A storm of complaints from its first minute to its end, with a clock that runs
// two hundred times as fast: it is told when it begins, when it grows, and when
// it is over; the Alertmanager hears the same.
func TestStormFromBeginningToEnd(t *testing.T) {
	box, post := &inbox{said: map[string]int{}}, new(mailbox)
	hook := httptest.NewServer(box)
	t.Cleanup(hook.Close)
	port := freePort(t)
	alertmanager(t, t.TempDir(), port, hook.URL)

	clock := hastened{time.Now(), time.Now().Add(-10 * time.Hour), 200}
	storm := clock.from.Add(30 * time.Minute)
	jet := httptest.NewServer(crisis{began: storm, ended: storm.Add(50 * time.Minute), grows: 20 * time.Minute, now: clock.now})
	t.Cleanup(jet.Close)

	dir := t.TempDir()
	file := filepath.Join(dir, "confianza.yml")
	rules, err := os.ReadFile("../../dashboards/prometheus/marketing.yml")
	if err != nil {
		t.Fatal(err)
	}
	quick := filepath.Join(dir, "quick.yml") // the same rules as built in, each second
	put(t, quick, strings.NewReplacer("interval: 30s", "interval: 1s", "name: confianza-episodes", "name: quick", "alert: Confianza", "alert: Quick").Replace(string(rules)))
	put(t, file, fmt.Sprintf(`brands: [{name: Zafiro}]
data: %s
scorer: vader
web: {listen: '127.0.0.1:0'}
sources:
  bluesky: {urls: ['ws%s'], replay: 60h, idle: 1h}
  feeds: {enabled: false}
  hackernews: {enabled: false}
alerting:
  rules: ['%s']
  alertmanagers: [{url: 'http://127.0.0.1:%d'}]
  mail: [{server: '%s', security: none, from: confianza@example.org, to: [ana@example.org], language: es, teams: [marketing]}]
`, filepath.Join(dir, "data"), strings.TrimPrefix(jet.URL, "http"), quick, port, post.serve(t)))
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- daemon.Run(ctx, daemon.Options{Config: c, Load: func() (*config.Config, error) { return config.Load(file) }, Version: "test", Out: discard{},
			Log: slog.New(slog.DiscardHandler), Now: clock.now, Evaluate: 500 * time.Millisecond, Gather: time.Second, Settle: 5 * time.Second})
	}()
	const patience = 3 * time.Minute
	eventually(t, "the fall is told", patience, func() bool { return box.count("firing QuickFeelingFalls") >= 1 && len(post.all()) >= 1 })
	if at := clock.now().Sub(storm); at < 0 || at > 90*time.Minute {
		t.Errorf("told %v after the storm began", at.Round(time.Minute))
	}
	eventually(t, "its end is told", patience, func() bool {
		return box.count("resolved QuickFeelingFalls") >= 1 && box.count("resolved QuickVolumeBursts") >= 1 &&
			strings.Contains(decoded(strings.Join(post.all(), "\n")), "Terminado: Lo que se dice de Zafiro es mucho peor") &&
			strings.Contains(decoded(strings.Join(post.all(), "\n")), "Terminado: Se habla de Zafiro mucho más")
	})
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	all := strings.Join(post.all(), "\n")
	for _, want := range []string{"mucho peor que en las horas anteriores", "mucho más de lo habitual"} {
		begun, over := 0, 0
		for _, line := range strings.Split(decoded(all), "\n") {
			switch line = strings.TrimSpace(line); {
			case strings.HasPrefix(line, "Terminado: ") && strings.Contains(line, want):
				over++
			case strings.HasPrefix(line, "Lo que se dice") && strings.Contains(line, want), strings.HasPrefix(line, "Se habla") && strings.Contains(line, want):
				begun++
			}
		}
		if begun == 0 || over == 0 {
			t.Errorf("%s: begun %d times, over %d, in\n%s", want, begun, over, decoded(all))
		}
	}
	if !strings.Contains(decoded(all), "Empeora: Lo que se dice de Zafiro ha crecido") && !strings.Contains(decoded(all), "Lo que se dice de Zafiro ha crecido hasta") {
		t.Error("that the burst has grown is not told")
	}
	for alert, most := range map[string]int{"QuickFeelingFalls": 1, "QuickVolumeBursts": 3} { // with two severities, told in one group
		if f, r := box.count("firing "+alert), box.count("resolved "+alert); f < 1 || r < 1 || f > most || r > most {
			t.Errorf("%s: the Alertmanager told %d times that it fires, %d that it is over", alert, f, r)
		}
	}
	if !strings.Contains(decoded(all), "passport") || strings.Contains(decoded(all), "@ana4") {
		t.Error("the mails do not say what it is about, or name somebody")
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
