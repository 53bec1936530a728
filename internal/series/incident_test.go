package series_test

import (
	"testing"
	"time"

	"confianza/internal/series"
)

func TestIncident(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2026, 2, 1, 6, 0, 0, 0, time.UTC)
	q := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon },
		Incidents: func() map[string]time.Time { return map[string]time.Time{"Acme": at} }})
	e := series.NewEngine(q, series.Limits{})
	for expr, want := range map[string]string{
		`confianza_incident_timestamp_seconds`:                                `{__name__="confianza_incident_timestamp_seconds", brand="Acme"} => 1769925600 @[1772452800000]`,
		`confianza_incident_timestamp_seconds{brand="Acme"} offset 1y * 1000`: `{brand="Acme"} => 1769925600000 @[1772452800000]`,
		`confianza_incident_timestamp_seconds{brand="Zeta"}`:                  ``,
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
