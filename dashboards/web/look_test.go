//go:build peers

package web

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// The pictures are for people: nothing is compared with them. What a machine
// can see is checked: that nothing is wider than the screen, that the browser
// has nothing to complain about, that the page refreshes itself.
const pictures = "../../build/screenshots"

func browser(t *testing.T) context.Context {
	t.Helper()
	i := slices.IndexFunc([]string{"chromium", "chromium-browser", "google-chrome"}, func(n string) bool { _, err := exec.LookPath(n); return err == nil })
	if i < 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no Chromium; test/peers/setup installs it")
		}
		t.Skip("there is no Chromium; make peers installs it")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), o...)
	t.Cleanup(cancel)
	return ctx
}

// week is a brand's worst week, made up: calm, a breach, anger, some thanks.
func week() []mention.Mention {
	angry := []string{"They knew for weeks and said nothing. I am done with Delta.", "Delta leaked my passport number and sends me a coupon?",
		"Delta perdió mis datos y nadie contesta el teléfono.", "Third call today. Nobody at Delta can tell me what was taken."}
	calm := []string{"Boarding with Delta in ten minutes.", "Delta changed my gate twice, again.", "Delta publica un aviso sobre el incidente de seguridad."}
	kind := []string{"Credit to Delta: a person answered and helped.", "Gracias Delta por avisar pronto."}
	var all []mention.Mention
	for h := range 24 * 7 {
		peak := 14 * math.Exp(-math.Pow(float64(h-40), 2)/400) * (1.3 + math.Sin(float64(h)/3.8))
		for i := range int(2 + peak) {
			p, lang, text := mention.Neutral, "en", calm[(h+i)%len(calm)]
			switch {
			case float64(i) < peak*0.7:
				p, text = mention.Negative, angry[(h+i)%len(angry)]
			case (h+i)%7 == 0:
				p, text = mention.Positive, kind[(h+i)%len(kind)]
			case (h+i)%5 == 0:
				p, lang = mention.Unknown, "es"
			}
			all = append(all, says(float64(h)+float64(i)/40, p, lang, text))
		}
	}
	return all
}

// season is three months, made up: calm, a breach forty days ago, anger that
// wears off, and a week of which nothing is known.
func season() []mention.Mention {
	var all []mention.Mention
	for d := range 90 {
		if d > 58 && d < 64 {
			continue
		}
		anger := 0.0
		if d < 40 {
			anger = math.Exp(-float64(40-d) / 14)
		}
		for i := range int(6 + 30*anger + 3*math.Sin(float64(d))) {
			p, lang := mention.Neutral, "en"
			switch r := float64((i*7+d*3)%20) / 20; {
			case r < 0.2+0.6*anger:
				p, lang = mention.Negative, "es"
			case r > 0.75:
				p = mention.Positive
			case r > 0.7:
				p, lang = mention.Unknown, "other"
			}
			all = append(all, says(float64(24*d)+float64(i)*0.3+0.1, p, lang, "Delta"))
		}
	}
	return all
}

func TestLook(t *testing.T) {
	ctx := browser(t)
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	down := func(_ *Options, s *State) {
		s.Brands = []string{"Delta", "Aerolíneas del Sur"}
		s.Notices = []string{"config: confianza.yml:7:5: unknown field \"nmaes\""}
		s.Sources = []Source{
			{Name: "bluesky", Phase: "waiting", Cause: "dns", Since: now.Add(-3 * time.Hour), Next: now.Add(90 * time.Second), Heard: now.Add(-3 * time.Hour),
				Err: "bluesky: wss://jetstream2.us-west.bsky.network/subscribe: dial tcp: lookup jetstream2.us-west.bsky.network: no such host"},
			{Name: "feeds", Phase: "listening", Since: now.Add(-30 * time.Hour), Heard: now.Add(-time.Minute), Troubles: []Trouble{{"missing", "feeds: fetch: https://news.example/rss: 404 Not Found"}}},
			{Name: "x", Phase: "rejected", Cause: "credentials", Since: now.Add(-30 * time.Hour), Err: "x: 401 Unauthorized: needs the operator", Next: now.Add(20 * time.Minute)},
		}
	}
	scenes := map[string]string{"data": "/?window=7d", "down": "/?window=7d&brand=Delta", "empty": "/?window=24h", "trend": "/trend?days=90", "trendless": "/trend?brand=Delta",
		"episodes": fmt.Sprint("/episodes?brand=Delta&kind=volume&from=", now.Add(-3100*time.Minute).Unix())}
	for scene, query := range scenes {
		said := week()
		var change func(*Options, *State)
		switch scene {
		case "empty":
			said = nil
		case "trend":
			said = season()
			change = func(_ *Options, s *State) {
				s.Incidents = map[string]time.Time{"Delta": now.AddDate(0, 0, -40).Truncate(24 * time.Hour)}
			}
		case "episodes":
			change = func(o *Options, _ *State) {
				o.About = func(context.Context, string, mention.Span) (*Facts, error) {
					return &Facts{Drivers: []Part{{"datos robados", 45}, {"reembolso", 21}, {"phishing", 9}}, Examples: []Example{
						{"@… llevo tres días esperando una respuesta y ahora me entero por la prensa de que se llevaron mis datos", "https://net.example/1", "negative"},
						{"Well done for telling us early.", "https://net.example/2", "positive"}}}, nil
				}
			}
		case "down":
			change = down
		}
		kept := fill(t, said...)
		if scene == "episodes" {
			find(t, kept, found{"volume", 3100, 2700, 3.4}, found{"drop", 3080, 2900, 6.1}, found{"rise", 700, 640, 0}, found{"volume", 50, 0, 2.9})
		}
		for _, hours := range [][2]int{{168, 100}, {88, 20}} { // twelve hours without ears between them
			_, err := kept.Add(t.Context(), store.Intake{Source: "bluesky", Heard: mention.Span{
				From: now.Add(-time.Duration(hours[0]) * time.Hour), To: now.Add(-time.Duration(hours[1]) * time.Hour)}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if scene == "trend" {
			for _, days := range [][2]int{{100, 63}, {58, 0}} {
				_, err := kept.Add(t.Context(), store.Intake{Source: "bluesky", Heard: mention.Span{From: now.AddDate(0, 0, -days[0]), To: now.AddDate(0, 0, -days[1])}})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		// The guard knows the address only once the server has one.
		server := httptest.NewUnstartedServer(nil)
		server.Config.Handler = site1(t, kept, func(o *Options, s *State) {
			o.Listen = server.Listener.Addr().String()
			if change != nil {
				change(o, s)
			}
		})
		server.Start()
		t.Cleanup(server.Close)
		for _, lang := range []string{"es", "en"} {
			for name, width := range map[string]int64{"desktop": 1280, "phone": 360} {
				for _, scheme := range []string{"light", "dark"} {
					if scheme == "dark" && (scene != "data" && scene != "trend" || lang != "es") {
						continue
					}
					t.Run(fmt.Sprintf("%s-%s-%s-%s", scene, lang, name, scheme), func(t *testing.T) {
						look(t, ctx, server.URL+query+"&lang="+lang, width, scheme)
					})
				}
			}
		}
	}
}

func look(t *testing.T, ctx context.Context, address string, width int64, scheme string) {
	var mu sync.Mutex
	var complaints []string
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithListener(func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			complaints = append(complaints, ev.Entry.Text)
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, ev.ExceptionDetails.Text)
		}
	}))
	defer cancel()
	err := chromedp.Do(ctx, dressed(scheme), chromedp.EmulateViewport(width, 1100), chromedp.Navigate(address))
	if err != nil {
		t.Fatal(err)
	}
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.getElementById("lost").hidden`))
	if err != nil {
		t.Fatal(err)
	}
	top, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()) // what a reader sees first; one of them is in the README
	if err != nil {
		t.Fatal(err)
	}
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if overflow {
		t.Error("the page is wider than the screen")
	}
	if !hidden {
		t.Error("the page thinks that it has lost its server")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(complaints) > 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
	for kind, picture := range map[string][]byte{"": shot, "-top": top} {
		name := filepath.Join(pictures, url.PathEscape(filepath.Base(t.Name()))+kind+".png")
		if err := os.WriteFile(name, picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// dressed makes the browser prefer a colour scheme.
func dressed(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
