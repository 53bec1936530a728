package series_test

import (
	"math"
	"testing"
	"time"

	"confianza/internal/series"
	"confianza/internal/store"
)

// Two minutes before noon nothing was known of the feeling, one minute before
// an episode was open.
func TestFindings(t *testing.T) {
	w := newWorld(t)
	var hour store.FoundHour
	hour[58] = store.Found{Said: true, Spike: 1.25, Drop: math.NaN()}
	hour[59] = store.Found{Said: true, Spike: 3.5, Drop: 4.2, Burst: true}
	if err := w.s.Keep(t.Context(), []store.Finding{{Brand: "Acme", Hour: noon.Unix()/3600 - 1, Found: &hour}}, nil); err != nil {
		t.Fatal(err)
	}
	q := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }, Brands: func() []string { return []string{"Acme"} }})
	e := series.NewEngine(q, series.Limits{})
	for expr, want := range map[string]string{
		`confianza_spike_score`:                             `{__name__="confianza_spike_score", brand="Acme"} => 3.5 @[1772452800000]`,
		`confianza_spike_score offset 1m`:                   `{__name__="confianza_spike_score", brand="Acme"} => 1.25 @[1772452800000]`,
		`confianza_drop_score offset 1m`:                    ``,
		`max_over_time(confianza_drop_score[1h])`:           `{brand="Acme"} => 4.2 @[1772452800000]`,
		`confianza_episode_open == 1`:                       `{__name__="confianza_episode_open", brand="Acme", kind="volume"} => 1 @[1772452800000]`,
		`count(confianza_episode_open == 0)`:                `{} => 2 @[1772452800000]`,
		`count_over_time(confianza_spike_score[1h])`:        `{brand="Acme"} => 2 @[1772452800000]`,
		`confianza_spike_score{brand="Nobody"}`:             ``,
		`count_over_time(confianza_spike_score[1h] @ 1000)`: ``,
	} {
		query, err := e.Instant(t.Context(), expr, noon)
		if err != nil {
			t.Fatal(err)
		}
		if got := query.Exec(t.Context()).String(); got != want {
			t.Errorf("%s: got %s, want %s", expr, got, want)
		}
		query.Close()
	}
}
