//go:build peers

package peers

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

const ingested = `confianza_ingested_mentions_total{brand="Zafiro"`

// From live posts at a real PDS, through a real Jetstream, to the page; then
// every way a post can go.
func TestPostsComeAndGo(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	ana, ben, eva := n.person("ana"), n.person("ben"), n.person("eva")
	ana.post("es", "Aerolineas zafiro perdió mis datos") // before anybody listens: replayed
	b := newBinary(t, blueskyConfig(j.address()))

	bad := ana.post("en", "Zafiro is terrible, they lost my passport")
	ben.post("en", "I love Zafiro, wonderful people")
	ben.post("pt", "A Zafiro avisou hoje os clientes")
	ben.post("en", "the sea is blue today")
	eva.post("en", "zafiros are pretty stones")
	eva.post("es", "Gracias #Zafiro")
	eventually(t, "five mentions", 30*time.Second, func() bool { return b.metric(ingested) == 5 })
	for labels, want := range map[string]float64{
		`language="es",polarity="unknown"`: 2, `language="pt",polarity="unknown"`: 1,
		`language="en",polarity="negative"`: 1, `language="en",polarity="positive"`: 1,
	} {
		if got := b.metric(`confianza_ingested_mentions_total{brand="Zafiro",kind="unknown",` + labels); got != want {
			t.Errorf("%s: %v, want %v", labels, got, want)
		}
	}
	if got := b.metric(`confianza_collector_posts_total{source="bluesky"}`); got < 7 {
		t.Errorf("%v posts examined, want at least the 7 made here", got)
	}
	if got := b.metric(`confianza_listening{source="bluesky"}`); got != 1 {
		t.Errorf("listening %v", got)
	}
	shows := func(text string, want bool) {
		t.Helper()
		eventually(t, fmt.Sprintf("%q shown: %v", text, want), 20*time.Second, func() bool { return strings.Contains(b.get(""), text) == want })
	}
	shows("they lost my passport", true)
	if strings.Contains(b.get(""), "pretty stones") || strings.Contains(b.get(""), "sea is blue") {
		t.Error("the page shows what does not name the brand")
	}

	ana.remove(bad)
	shows("they lost my passport", false)
	ben.deactivate()
	shows("wonderful people", false)
	ben.activate()
	shows("wonderful people", true)
	eva.takedown(true)
	shows("Gracias #Zafiro", false)
	eva.takedown(false)
	shows("Gracias #Zafiro", true)
	for what, least := range map[string]float64{"erased": 1, "hidden": 3, "restored": 3} {
		if got := b.metric(`confianza_collector_removed_posts_total{source="bluesky",what="` + what); got < least {
			t.Errorf("%v %s, want at least %v", got, what, least)
		}
	}
	checkMetrics(t, b)
	b.process.stop(t)
	if err := b.process.err; err != nil {
		t.Errorf("stopped with %v", err)
	}
	shown, counted := b.stored()
	if len(shown) != 4 || counted != 5 {
		t.Errorf("%d shown and %d counted, want 4 and 5: numbers outlive texts", len(shown), counted)
	}
}

func checkMetrics(t *testing.T, b *binary) {
	t.Helper()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		lacking(t, err.Error())
	}
	cmd := exec.Command(promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(b.get("metrics"))
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

var number = regexp.MustCompile(`post number (\d+)\.`)

// Killed at any moment, and with Jetstream restarted under it, the binary
// loses nothing and counts nothing twice.
func TestKilledInMidStream(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	ana := n.person("ana")
	b := newBinary(t, blueskyConfig(j.address()))
	const all, kills = 300, 6
	said := make(chan int, all)
	go func() {
		defer close(said)
		for i := range all {
			ana.post("en", fmt.Sprintf("Zafiro post number %d.", i))
			said <- i
		}
	}()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	sent := 0
	for i := range said {
		sent++
		if i%(all/kills) == all/kills-1 {
			time.Sleep(time.Duration(random.IntN(1200)) * time.Millisecond) // anywhere in a batch's second
			b.process.kill()
			if i == all/2-1 {
				j.restart()
			}
			b.start()
		}
	}
	if sent != all {
		t.Fatalf("%d posts were made, want %d", sent, all)
	}
	eventually(t, "every post counted", time.Minute, func() bool { return b.metric(ingested) >= all })
	b.process.stop(t)
	shown, counted := b.stored()
	times := map[string]int{}
	for _, m := range shown {
		times[number.FindString(m.Text)]++
	}
	for i := range all {
		if got := times[fmt.Sprintf("post number %d.", i)]; got != 1 {
			t.Errorf("post %d is stored %d times", i, got)
		}
	}
	if counted != all {
		t.Errorf("the rollups count %d, want %d", counted, all)
	}
}
