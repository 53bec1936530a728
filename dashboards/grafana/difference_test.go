package grafana

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// hourly is the API over a store in which Acme has so many mentions each hour,
// of polarities that depend on the hours before noon.
func hourly(t *testing.T, hours int, of func(ago int) []mention.Polarity) http.Handler {
	t.Helper()
	s := empty(t)
	in := store.Intake{Source: "net", Heard: mention.Span{From: noon.Add(-time.Duration(hours) * time.Hour), To: noon}}
	var scored []store.Scored
	for ago := hours; ago > 0; ago-- {
		for i, p := range of(ago) {
			at := noon.Add(-time.Duration(ago)*time.Hour + time.Duration(i+1)*time.Minute)
			in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(ago, "/", i), Revision: "1", Text: "x", At: at, Seen: at, Form: "post", Brands: []string{"Acme"}})
			scored = append(scored, store.Scored{ID: int64(len(scored) + 1), Score: mention.Score{Language: "es", Polarity: p, Scorer: "v1"}})
		}
	}
	return served(t, s, in, scored)
}

// number asks for the one value of an expression; ok is false when it has none.
func number(t *testing.T, h http.Handler, expr string) (v float64, ok bool) {
	t.Helper()
	got := ask(t, h, "query", url.Values{"query": {grafana.Replace(expr)}, "time": {fmt.Sprint(noon.Unix())}})
	if len(got.Result) == 0 {
		return 0, false
	}
	var one struct{ Value [2]any }
	if err := json.Unmarshal(got.Result[0], &one); err != nil || len(got.Result) > 1 {
		t.Fatal(len(got.Result), err)
	}
	v, err := strconv.ParseFloat(one.Value[1].(string), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v, true
}

// The panel is red only where the whole interval is below nothing, whatever the
// difference is.
func TestDifference(t *testing.T) {
	files, err := Files("en")
	if err != nil {
		t.Fatal(err)
	}
	panels, _ := read(t, files["trust-recovery.json"])
	var of panel
	for _, p := range panels {
		if p.Title == "Difference, in points" {
			of = p
		}
	}
	if len(of.Targets) != 3 {
		t.Fatalf("the panel has %d queries", len(of.Targets))
	}
	const p, o, n = mention.Positive, mention.Neutral, mention.Negative
	const hours = 42 * 24 // two weeks since the incident, four before
	mixed := func(ago int) []mention.Polarity { return []mention.Polarity{p, n, o} }
	since := func(recent func(ago int) []mention.Polarity) func(int) []mention.Polarity {
		return func(ago int) []mention.Polarity {
			if ago <= 7*24 {
				return recent(ago)
			}
			return mixed(ago)
		}
	}
	for _, tt := range []struct {
		name string
		of   func(ago int) []mention.Polarity
		want int // of the queries that one which answers
		diff float64
	}{
		{"as it was", mixed, 1, 0},
		{"far below", since(func(int) []mention.Polarity { return []mention.Polarity{n, n, o} }), 0, -200. / 3},
		{"far above", since(func(int) []mention.Polarity { return []mention.Polarity{p, p, o} }), 2, 200. / 3},
		{"five points below, of three thousand", since(func(ago int) []mention.Polarity { // of each twenty hours one in tears: three negatives
			if ago%20 == 0 {
				return []mention.Polarity{n, n, n}
			}
			return mixed(ago)
		}), 0, -100. * 8 / 168},
		{"as far below, of few", func(ago int) []mention.Polarity { // ten in the last week, one negative more
			switch {
			case ago > 7*24:
				return mixed(ago)
			case ago%17 != 0 || ago > 160:
				return nil
			case ago == 17:
				return []mention.Polarity{n, n}
			}
			return mixed(ago)
		}, 1, -100. * 2 / 26},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := hourly(t, hours, tt.of)
			for i, q := range of.Targets {
				if got, ok := number(t, h, q.Expr); ok != (i == tt.want) || ok && math.Abs(got-tt.diff) > 0.01 {
					t.Errorf("query %d: %.2f, %t; want %.2f of query %d alone", i, got, ok, tt.diff, tt.want)
				}
			}
		})
	}
	// Each of 168 hours: (1 - 1 - 0)² = 0 of three; four in all over 504².
	h := hourly(t, hours, mixed)
	if got, ok := number(t, h, variance("7d", "")); !ok || math.Abs(got-4./504/504) > 1e-9 {
		t.Errorf("variance %g, want %g", got, 4./504/504)
	}
	// One in each hour, positive and negative in turn: (±1)² each, 168 + 4 over 168².
	h = hourly(t, hours, func(ago int) []mention.Polarity { return []mention.Polarity{[]mention.Polarity{p, n}[ago%2]} })
	if got, ok := number(t, h, variance("7d", "")); !ok || math.Abs(got-172./168/168) > 1e-9 {
		t.Errorf("variance %g, want %g", got, 172./168/168)
	}
	if got, ok := number(t, h, variance(baseline, before)); !ok || math.Abs(got-676./672/672) > 1e-9 {
		t.Errorf("variance before the incident %g, want %g", got, 676./672/672)
	}
}
