package explain

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// talk is a store in which Acme was usual for four weeks, and is in trouble for
// half an hour.
func talk(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	n := 0
	say := func(source, author, text string, at time.Time, p mention.Polarity) {
		n++
		m := mention.Mention{Source: source, Native: fmt.Sprint(n), Revision: "1", URL: fmt.Sprint("https://net.example/", n), Author: s.AuthorKey(source, author), Text: text,
			Declared: "es", At: at, Seen: at, Form: "post", Brands: []string{"Acme"}}
		if _, err := s.Add(t.Context(), store.Intake{Source: source, Mentions: []mention.Mention{m}}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Done(t.Context(), "score", int64(n), []store.Scored{{ID: int64(n), Score: mention.Score{Language: "es", Polarity: p, Negative: float64(n%7) / 7, Scorer: "v1"}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for day := range 28 {
		for i := range 6 {
			say("net", fmt.Sprint("usual", day, i), "Acme: el vuelo llega tarde otra vez", noon.AddDate(0, 0, -day).Add(-time.Duration(3+i)*time.Hour), mention.Neutral)
		}
	}
	for i := range 30 {
		source := "net"
		if i%10 == 0 {
			source = "web"
		}
		at := noon.Add(-time.Duration(i)*time.Minute - 30*time.Second)
		say(source, fmt.Sprint("angry", i), fmt.Sprintf("@acme @ana%d mis datos robados %s", i, strings.Repeat("y más ", i%5)), at, mention.Negative)
	}
	for range 20 {
		say("net", "one and the same", "¡boicot total a Acme!", noon.Add(-5*time.Minute), mention.Negative)
	}
	return s
}

func TestFacts(t *testing.T) {
	s := talk(t)
	f, err := Facts(t.Context(), s, Brand{"Acme", []string{"Acme"}, []string{"@Acme"}}, noon.Add(-10*time.Minute), noon, []string{"gdelt"})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Measures) != 3 {
		t.Fatalf("measures %+v", f.Measures)
	}
	volume, net, share := f.Measures[0], f.Measures[1], f.Measures[2]
	if volume.Name != "mentions_per_hour" || volume.From != 42.0/151 || volume.To != 50 || volume.N != 50 || volume.Window != time.Hour {
		t.Errorf("volume %+v, want 42 in the 151 hours since the first, to 50 an hour", volume)
	}
	if net.From != 0 || net.To != -100 || net.Low > -90 || share.From != 0 || share.To != 100 || share.High != 100 || share.Low < 80 {
		t.Errorf("net %+v, share of negatives %+v", net, share)
	}
	if len(f.Drivers) == 0 || f.Drivers[0].Name != "mis datos robados" || f.Drivers[0].N != 30 {
		t.Errorf("drivers %v", f.Drivers)
	}
	for _, d := range f.Drivers {
		if strings.Contains(d.Name, "boicot") {
			t.Error("one author made a driver")
		}
	}
	if fmt.Sprint(f.Sources, f.Languages, f.Deaf) != "[{net 47} {web 3}] [{es 50}] [gdelt]" {
		t.Errorf("parts %v %v %v", f.Sources, f.Languages, f.Deaf)
	}
	seen := map[string]bool{}
	for _, e := range f.Examples {
		if !strings.HasPrefix(e.Text, "@acme @… mis datos robados") || strings.Contains(e.Text, "ana") || !strings.HasPrefix(e.URL, "https://net.example/") || seen[e.Text] {
			t.Errorf("example %+v", e)
		}
		seen[e.Text] = true
	}
	if len(f.Examples) == 0 {
		t.Error("no examples")
	}
}

// Of a brand nobody speaks of there is nothing to say.
func TestNobodySpeaks(t *testing.T) {
	s := talk(t)
	f, err := Facts(t.Context(), s, Brand{Name: "Zeta"}, noon, noon, nil)
	if err != nil || len(f.Measures) != 1 || f.Measures[0].To != 0 || len(f.Drivers)+len(f.Examples)+len(f.Sources) != 0 {
		t.Errorf("got %+v, %v", f, err)
	}
}
