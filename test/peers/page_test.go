//go:build peers

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const pictures = "../../build/screenshots"

// The page of the real binary in a real browser, from the first minute to a
// source that is down: nothing yet, mentions coming in by themselves, the
// binary gone, the source gone.
func TestPageInBrowser(t *testing.T) {
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	chromium := browser(t)
	n := newNetwork(t)
	j := n.jetstream()
	b := newBinary(t, j.address())
	eventually(t, "listening", 20*time.Second, func() bool { return b.metric(`confianza_listening{source="bluesky"}`) == 1 })
	look(t, chromium, b, "empty", []string{"empty_title", "phase_listening"})

	ana := n.person("ana")
	ana.post("en", "Zafiro is terrible, they lost my passport")
	ana.post("es", "Zafiro perdió mis datos y nadie contesta")
	ana.post("pt", "A Zafiro avisou hoje os clientes")
	eventually(t, "three mentions", 20*time.Second, func() bool { return b.metric(ingested) == 3 })
	said := []string{"they lost my passport", "nadie contesta", "avisou hoje"}
	look(t, chromium, b, "data", []string{"figure_mentions", "latest_title", "phase_listening"}, said...)

	o := open(t, chromium, b.address, 1280)
	ana.post("en", "Thank you Zafiro for the quick answer")
	eventually(t, "a new mention without a reload", 40*time.Second, func() bool { return strings.Contains(o.text(), "quick answer") })
	if got := o.complained(); len(got) > 0 {
		t.Errorf("the browser complains: %q", got)
	}
	b.stop()
	eventually(t, "the page says that its server is gone", 40*time.Second, func() bool { return !evaluate[bool](o, `document.getElementById("lost").hidden`) })

	b.listenTo(fmt.Sprintf("ws://127.0.0.1:%d/subscribe", freePort(t)))
	b.start()
	eventually(t, "the source is said to be down", 20*time.Second, func() bool { return b.metric(`confianza_collector_state{source="bluesky",state="waiting"}`) == 1 })
	look(t, chromium, b, "down", []string{"phase_waiting", "sources_deaf"}, append(said, "connection refused")...)
}

// look opens the page in both languages on a desk and in a hand, keeps a
// picture of each, and looks for words of the page's and of others.
func look(t *testing.T, chromium context.Context, b *binary, scene string, words []string, said ...string) {
	t.Helper()
	for _, lang := range []string{"es", "en"} {
		for _, width := range []int64{1280, 390} {
			t.Run(fmt.Sprintf("%s-%s-%d", scene, lang, width), func(t *testing.T) {
				o := open(t, chromium, b.address+"?lang="+lang, width)
				text := o.text()
				for _, want := range slices.Concat(said, locale(t, lang, words)) {
					if !strings.Contains(text, strings.ToLower(want)) {
						t.Errorf("the page does not say %q", want)
					}
				}
				if got := evaluate[string](o, `document.documentElement.lang`); got != lang {
					t.Errorf("the page is in %q", got)
				}
				if o.wide() {
					t.Error("the page is wider than the screen")
				}
				if got := o.complained(); len(got) > 0 {
					t.Errorf("the browser complains: %q", got)
				}
				picture(t, o)
			})
		}
	}
}

func picture(t *testing.T, o *tab) {
	t.Helper()
	shot, err := chromedp.Run(o.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictures, "binary-"+filepath.Base(t.Name())+".png"), shot, 0o644); err != nil {
		t.Fatal(err)
	}
}

// locale is the page's own words in a language: they change more often than
// what must be there.
func locale(t *testing.T, lang string, keys []string) (words []string) {
	t.Helper()
	b, err := os.ReadFile("../../dashboards/web/locales/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		word, ok := all[k].(string)
		if !ok || word == "" {
			t.Fatalf("%s.json has no %q", lang, k)
		}
		words = append(words, word)
	}
	return words
}
