package web

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
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

// What a detector held open over an outage is one episode with the outage told,
// and its band is broken there; where nobody looked at all it is two.
func TestEpisodeOverAnOutage(t *testing.T) {
	s := fill(t, says(1, mention.Negative, "en", "they lost my data")) // heard from 20 hours to a minute before now
	if _, err := s.Add(t.Context(), store.Intake{Source: "bluesky", Next: "2", Heard: mention.Span{From: now.Add(-48 * time.Hour), To: now.Add(-26 * time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	find(t, s, found{"drop", 27 * 60, 19 * 60, 5}, found{"volume", 60, 30, 4}) // from an hour before the outage to an hour after it
	show := func() *episodesView {
		t.Helper()
		o := Options{Store: s, Now: func() time.Time { return now }, Zone: time.UTC}
		words, err := newLocales(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		v := &episodesView{L: words.of(httptest.NewRequest("GET", "/?lang=en", nil)), A: episodesLink{Brand: "Delta"}, Now: now, S: State{Sources: []Source{{Name: "bluesky", Live: true}, {Name: "feeds"}}}}
		if err := (&site{o: o}).fillEpisodes(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := show()
	if len(v.All) != 2 || v.All[1].Minutes() != 8*60 || v.All[1].Unheard() != 6*60 || v.All[0].Unheard() != 0 {
		t.Errorf("got %+v, want one of 480 minutes, 360 of them unheard, and one of 30", v.All)
	}
	if drops := v.Rows[1]; drops.N != 1 || len(drops.Bands) != 2 {
		t.Errorf("row %+v, want one episode in two bands", drops)
	}
	page := ask(site1(t, s, func(_ *Options, st *State) { st.Sources[0].Live = true }), "GET", "/episodes?lang=en").Body.String()
	if strings.Count(page, "nobody was listening") != 1 || !strings.Contains(page, "In 360 of them nobody was listening") {
		t.Error("the page does not tell of the outage")
	}

	var none store.FoundHour // an hour of the episode in which nobody looked
	if err := s.Keep(t.Context(), []store.Finding{{Brand: "Delta", Hour: now.Add(-22*time.Hour).Unix() / 3600, Found: &none}}, nil); err != nil {
		t.Fatal(err)
	}
	if v = show(); len(v.All) != 3 || !v.All[2].To.Equal(now.Add(-22*time.Hour)) || !v.All[1].From.Equal(now.Add(-21*time.Hour)) {
		t.Errorf("got %+v, want two episodes of it", v.All)
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
