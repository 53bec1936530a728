package web

import (
	"context"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// found says what detectors found of Delta: minutes before now in which an
// episode was open, and its highest score.
type found struct {
	kind     string
	from, to int // minutes before now
	score    float64
}

func find(t *testing.T, s *store.Store, all ...found) {
	t.Helper()
	hours := map[int64]*store.FoundHour{}
	for m := now.Unix()/60 - 3*24*60; m < now.Unix()/60; m++ {
		h := hours[m/60]
		if h == nil {
			h = new(store.FoundHour)
			hours[m/60] = h
		}
		f := store.Found{Said: true, Spike: 1, Drop: math.NaN()}
		ago := int(now.Unix()/60 - m)
		for _, e := range all {
			if ago > e.from || ago <= e.to {
				continue
			}
			switch e.kind {
			case "volume":
				f.Burst, f.Spike = true, e.score
			case "drop":
				f.Dropped, f.Drop = true, e.score
			default:
				f.Risen = true
			}
		}
		h[m%60] = f
	}
	var kept []store.Finding
	for hour, h := range hours {
		kept = append(kept, store.Finding{Brand: "Delta", Hour: hour, Found: h})
	}
	if err := s.Keep(t.Context(), kept, nil); err != nil {
		t.Fatal(err)
	}
}

func TestEpisodes(t *testing.T) {
	s := fill(t, says(1.5, mention.Negative, "en", "they lost my data"), says(1.4, mention.Negative, "en", "data lost"), says(1.3, mention.Positive, "en", "fine"))
	find(t, s, found{"volume", 100, 60, 3.2}, found{"drop", 30, 0, 5.25}, found{"rise", 2000, 1900, 0})
	asked := 0
	h := site1(t, s, func(o *Options, _ *State) {
		o.About = func(_ context.Context, brand string, in mention.Span) (*Facts, error) {
			asked++
			if brand != "Delta" || !in.From.Equal(now.Add(-100*time.Minute)) || !in.To.Equal(now.Add(-60*time.Minute)) {
				t.Errorf("asked what %s from %s to %s is about", brand, in.From, in.To)
			}
			return &Facts{Drivers: []Part{{"lost <data>", 45}}, Examples: []Example{{"they lost my data", "https://net.example/1", "negative"}}}, nil
		}
	})
	get := func(address string) string {
		t.Helper()
		w := ask(h, "GET", address)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", address, w.Code)
		}
		return w.Body.String()
	}
	page := get("/episodes?lang=en")
	for _, want := range []string{"3 episodes in 30 days", "Feeling fell · <b>goes on</b>", "highest score 5.2", "40 minutes", "3 mentions", "net sentiment", "100 minutes", `href="/?before=`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if at := strings.Index(page, "Feeling fell ·"); at > strings.Index(page, "Volume burst</h2>") {
		t.Error("the newest does not come first")
	}
	if asked != 0 {
		t.Error("it asked what episodes are about that nobody looks at")
	}
	link := page[strings.Index(page, "/episodes?brand=Delta&amp;from="):]
	for !strings.Contains(link[:strings.IndexByte(link, '"')], "volume") {
		link = link[1:]
		link = link[strings.Index(link, "/episodes?brand=Delta&amp;from="):]
	}
	page = get(strings.ReplaceAll(strings.Split(link[:strings.IndexByte(link, '"')], "#")[0], "&amp;", "&"))
	if asked != 1 || !strings.Contains(page, "lost &lt;data&gt;") || !strings.Contains(page, "they lost my data") || !strings.Contains(page, "https://net.example/1") {
		t.Errorf("asked %d times; the page does not say what it is about", asked)
	}
	if page := get("/episodes?lang=es"); !strings.Contains(page, "3 episodios en 30 días") || !strings.Contains(page, "Caída del sentimiento") {
		t.Error("the page is not in Spanish")
	}
}

func TestEpisodesOfNobody(t *testing.T) {
	h := site1(t, fill(t), nil)
	for address, want := range map[string]int{"/episodes": 200, "/episodes?brand=Nobody": 400, "/episodes?kind=x&from=1": 400, "/episodes?kind=drop&from=-1": 400, "/episodes?kind=drop&from=99": 200} {
		if got := ask(h, "GET", address).Code; got != want {
			t.Errorf("%s: %d, want %d", address, got, want)
		}
	}
}
