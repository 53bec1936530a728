package series_test

import (
	"testing"
	"time"

	"confianza/internal/series"
)

// Gauges are everything but mentions, of whole minutes.
func TestGauges(t *testing.T) {
	w := newWorld(t)
	w.hear("net", noon.Add(-10*time.Minute), noon.Add(-5*time.Minute))
	w.say(said{"net", "Acme", "bad", noon.Add(-5 * time.Minute)})
	w.score("v1", 10)
	q := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }})
	all, err := q.Gauges(t.Context(), noon.Add(-8*time.Minute), noon.Add(-6*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, s := range all {
		for _, l := range s.Labels {
			if l.Name == "__name__" {
				found[l.Value] += len(s.Samples)
			}
		}
	}
	if found["confianza_listening"] != 2 || found["confianza_mentions"] != 0 {
		t.Errorf("got %v, want the two minutes that were heard, and no mentions", found)
	}
}
