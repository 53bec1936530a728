//go:build peers

package peers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const ingested = `confianza_ingested_mentions_total{brand="Zafiro"`

// From live posts at a real PDS, through a real Jetstream, to the page; then
// every way a post can go, heard live and after having been away.
func TestPostsComeAndGo(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	ana, ben, eva := n.person("ana"), n.person("ben"), n.person("eva")
	early := ana.post("es", "Aerolineas zafiro perdió mis datos") // before anybody listens: replayed
	b := newBinary(t, j.address())

	bad := ana.post("en", "Zafiro is terrible, they lost my passport")
	ben.post("en", "I love Zafiro, wonderful people")
	ben.post("pt", "A Zafiro avisou hoje os clientes")
	ben.post("en", "the sea is blue today")
	eva.post("en", "zafiros are pretty stones")
	eva.post("es", "Gracias #Zafiro")
	eventually(t, "five mentions", 30*time.Second, func() bool { return b.metric(ingested) == 5 })
	b.exposes(t)
	for _, other := range []string{"pretty stones", "sea is blue"} {
		if strings.Contains(b.get(""), other) {
			t.Errorf("the page shows %q, which does not name the brand", other)
		}
	}

	b.shows(t, "they lost my passport", true)
	ana.remove(bad)
	b.shows(t, "they lost my passport", false)
	ben.deactivate()
	b.shows(t, "wonderful people", false)
	ben.activate()
	b.shows(t, "wonderful people", true)
	eva.takedown(true)
	b.shows(t, "Gracias #Zafiro", false)
	eva.takedown(false)
	b.shows(t, "Gracias #Zafiro", true)
	for what, least := range map[string]float64{"erased": 1, "hidden": 3, "restored": 3} {
		if got := b.metric(`confianza_collector_removed_posts_total{source="bluesky",what="` + what); got < least {
			t.Errorf("%v %s, want at least %v", got, what, least)
		}
	}

	b.stop()
	ana.remove(early)
	ben.deactivate()
	b.start()
	b.shows(t, "mis datos", false)
	b.shows(t, "wonderful people", false)
	if got := b.metric(ingested); got != 5 {
		t.Errorf("%v mentions after all that, want 5: numbers outlive texts", got)
	}
	b.stop()
	b.keeps(t, bad, early)
}

// shows waits until the page shows a text, or does not any more.
func (b *binary) shows(t *testing.T, text string, want bool) {
	t.Helper()
	eventually(t, fmt.Sprintf("%q shown: %v", text, want), 20*time.Second, func() bool { return strings.Contains(b.get(""), text) == want })
}

// exposes checks /metrics after the five mentions.
func (b *binary) exposes(t *testing.T) {
	t.Helper()
	for labels, want := range map[string]float64{
		`language="es",polarity="unknown"`: 2, `language="pt",polarity="unknown"`: 1,
		`language="en",polarity="negative"`: 1, `language="en",polarity="positive"`: 1,
	} {
		if got := b.metric(ingested + `,kind="unknown",` + labels); got != want {
			t.Errorf("%s: %v, want %v", labels, got, want)
		}
	}
	if got := b.metric(`confianza_collector_posts_total{source="bluesky"}`); got < 7 {
		t.Errorf("%v posts examined, want at least the 7 made here", got)
	}
	if got := b.metric(`confianza_listening{source="bluesky"}`); got != 1 {
		t.Errorf("listening %v, want 1", got)
	}
	all := b.get("metrics")
	if strings.Contains(all, "did:plc:") {
		t.Error("the metrics name an account")
	}
	check(t, all)
	p := scrape(t, b)
	p.answers(`up{job="confianza"}`, "1")
	p.answers(`sum(confianza_ingested_mentions_total)`, "5")
}

// keeps checks what is left on disk at the end: all five numbers, the text of
// the one who is there, and of the erased posts nothing.
func (b *binary) keeps(t *testing.T, erased ...string) {
	t.Helper()
	s := b.stored()
	s.counted(5)
	if got, want := s.strings(shownTexts), []string{"Gracias #Zafiro"}; !slices.Equal(got, want) {
		t.Errorf("may be shown: %q, want %q", got, want)
	}
	for _, want := range []struct {
		language, polarity string
		n                  int
	}{{"es", "unknown", 2}, {"pt", "unknown", 1}, {"en", "negative", 1}, {"en", "positive", 1}} {
		if got := s.rolled(want.language, want.polarity); got != want.n {
			t.Errorf("rollups of %s %s: %d, want %d", want.language, want.polarity, got, want.n)
		}
	}
	if len(b.traces("Gracias #Zafiro")) == 0 {
		t.Fatal("the text that is kept cannot be found on disk: looking there shows nothing")
	}
	for _, gone := range append(erased, "they lost my passport", "mis datos") {
		if files := b.traces(gone); len(files) > 0 {
			t.Errorf("%q was deleted and is still in %q", gone, files)
		}
	}
}
