package daemon

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"confianza/internal/config"
)

// hands is a clock that is set by hand, and housekeeping that is due when told.
type hands struct {
	mu   sync.Mutex
	now  time.Time
	tidy chan time.Time
}

func (h *hands) read() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// set turns the clock, and has the house kept: whoever takes the second value
// is done with the first.
func (h *hands) set(at time.Time) {
	h.mu.Lock()
	h.now = at
	h.mu.Unlock()
	h.tidy <- at
	h.tidy <- at
}

// A clock that jumps to 2038 would erase every text; it is told on the page and
// in the metrics, and erases nothing before it has run on for a day.
func TestAClockThatJumpedErasesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "confianza.yml")
	j, address := newJetstream(t)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nretention: {default: 720h}\nsources:\n  bluesky: {urls: ['%s']}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n",
		t.TempDir(), address)
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	const text, doubted = "Delta lost my data, terrible", "confianza_clock_doubted"
	today := time.Now().UTC()
	clock := &hands{now: today, tidy: make(chan time.Time)}
	r := startWith(t, Options{Config: c, Version: "test", Now: clock.read, Tidy: clock.tidy, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	j.say(1, text)
	r.eventually("the mention", func() bool { return r.metric("confianza_ingested_mentions_total{") == 1 })
	clock.set(today.Add(time.Hour))
	if page := r.get("?lang=en"); !strings.Contains(page, text) || strings.Contains(page, "The clock jumped.") || r.metric(doubted) != 0 {
		t.Error("an hour is taken for a jump, or erased something")
	}
	leapt := time.Date(2038, 1, 19, 3, 14, 7, 0, time.UTC)
	for _, at := range []time.Time{leapt, leapt.Add(12 * time.Hour), leapt.Add(24*time.Hour - time.Minute)} {
		clock.set(at)
		if got := r.metric(doubted); got != 1 {
			t.Errorf("at %s: %s is %v, want 1", at, doubted, got)
		}
		for address, want := range map[string]string{"?lang=en": "The clock jumped.", "?lang=es": "El reloj dio un salto."} {
			page := r.get(address)
			if !strings.Contains(page, text) {
				t.Errorf("at %s: the text is gone", at)
			}
			if !strings.Contains(page, want) || !strings.Contains(page, "20\u00a0"+map[string]string{"?lang=en": "Jan", "?lang=es": "ene"}[address]+", 03:14") {
				t.Errorf("at %s: %s does not say %q, until when", at, address, want)
			}
		}
	}
	clock.set(leapt.Add(24 * time.Hour))
	if page := r.get("?lang=en"); strings.Contains(page, text) || strings.Contains(page, "The clock jumped.") || r.metric(doubted) != 0 {
		t.Error("the clock has run on for a day, and is still not believed")
	}
	if got := r.metric("confianza_ingested_mentions_total{"); got != 1 {
		t.Errorf("%v mentions counted, want 1", got)
	}
	r.end()
}
