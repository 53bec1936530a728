package series_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
	"pgregory.net/rapid"

	"confianza/internal/series"
)

// Whatever is asked, sums give what minutes give: how ranges lie only decides
// the cost.
func TestAnyQueryEqualsItsMinutes(t *testing.T) {
	const days = 4
	w := newWorld(t)
	w.busy(days, 3000, 7)
	truth := newOracle(t, w.s, days)
	e := series.NewEngine(series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }}), series.Limits{})
	plain := plainEngine()
	begin := noon.AddDate(0, 0, -days)
	full := 0
	rapid.Check(t, func(t *rapid.T) {
		expr := expression(t)
		from := begin.Add(time.Duration(rapid.Int64Range(0, int64(days*24*time.Hour/time.Second)).Draw(t, "from")) * time.Second).
			Truncate(pick(t, "aligned", time.Hour, time.Minute, time.Second, 24*time.Hour))
		if rapid.Bool().Draw(t, "instant") {
			got, err := e.Instant(t.Context(), expr, from)
			want, err2 := plain.NewInstantQuery(t.Context(), truth, nil, expr, from)
			full += compare(t, expr, answer(t.Context(), got, err), answer(t.Context(), want, err2))
			return
		}
		step := pick(t, "step", time.Minute, 5*time.Minute, 7*time.Minute, 15*time.Minute, time.Hour, 90*time.Minute, 6*time.Hour, 24*time.Hour, 61*time.Second)
		to := from.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "steps")) * step)
		got, err := e.Range(t.Context(), expr, from, to, step)
		want, err2 := plain.NewRangeQuery(t.Context(), truth, nil, expr, from, to, step)
		full += compare(t, expr, answer(t.Context(), got, err), answer(t.Context(), want, err2))
	})
	if full == 0 {
		t.Error("every answer was empty")
	}
}

// Shapes in which a grid is easily laid wrong, each at odd moments: chance meets
// them too rarely.
func TestGridsThatAreEasilyLaidWrong(t *testing.T) {
	const days = 4
	w := newWorld(t)
	w.busy(days, 3000, 8)
	truth := newOracle(t, w.s, days)
	e := series.NewEngine(series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }}), series.Limits{})
	plain := plainEngine()
	for _, expr := range []string{
		"max_over_time(sum_over_time(confianza_mentions[1h] offset 17m)[6h:10m])",
		"max_over_time(sum_over_time(confianza_mentions[1h] offset 17m)[6h:1h])",
		"max_over_time(sum_over_time(confianza_mentions[90m] offset -17m)[6h:1h] offset 13s)",
		"min_over_time(max_over_time(sum_over_time(confianza_mentions[2h] offset 30m)[3h:1h])[6h:7m])",
		"sum_over_time(confianza_mentions[6h] offset 17m)",
		"sum_over_time(confianza_mentions[6h] @ end())",
		"sum_over_time(confianza_mentions[1d] @ 1772366417.5 offset 17m)",
		"sum_over_time(confianza_mentions[7m]) - sum_over_time(confianza_mentions[7m] offset 3m)",
	} {
		for _, from := range []time.Time{noon.Add(-70 * time.Hour), noon.Add(-49*time.Hour - 13*time.Minute), noon.Add(-50*time.Hour - time.Millisecond), noon.Add(-50*time.Hour - 1234*time.Millisecond)} {
			for _, step := range []time.Duration{7 * time.Minute, time.Hour, 6 * time.Hour, 61 * time.Second} {
				got, err := e.Range(t.Context(), expr, from, from.Add(9*step), step)
				want, err2 := plain.NewRangeQuery(t.Context(), truth, nil, expr, from, from.Add(9*step), step)
				if g, w := answer(t.Context(), got, err), answer(t.Context(), want, err2); g != w || g == "" {
					t.Errorf("%s from %s by %s\n got %.300s\nwant %.300s", expr, from, step, g, w)
				}
			}
		}
	}
}

func plainEngine() *promql.Engine {
	return promql.NewEngine(promql.EngineOpts{MaxSamples: 50_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: series.Parser(),
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() }})
}

func compare(t *rapid.T, expr, got, want string) (full int) {
	if got != want {
		t.Fatalf("%s\n got %.2000s\nwant %.2000s", expr, got, want)
	}
	if want != "" {
		return 1
	}
	return 0
}

func pick[T any](t *rapid.T, what string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, what)
}

// expression draws a query. One shape is left out, where the engine itself
// seems wrong: @ within a subquery that has an offset.
func expression(t *rapid.T) string {
	switch rapid.IntRange(0, 7).Draw(t, "shape") {
	case 0:
		return selector(t) + offset(t) + at(t)
	case 1:
		return ranged(t, pick(t, "function", "count_over_time", "avg_over_time", "min_over_time", "last_over_time"), true)
	case 2:
		return "sum by (polarity) (" + ranged(t, "sum_over_time", true) + ")"
	case 3:
		return fmt.Sprintf("sum(%s) / sum(%s)", ranged(t, "sum_over_time", true), ranged(t, "sum_over_time", true))
	case 4:
		return fmt.Sprintf("max_over_time(%s[%s:%s]%s)", ranged(t, "sum_over_time", false), width(t), pick(t, "inner step", "", "1m", "10m", "1h", "7m"), offset(t))
	case 5:
		return fmt.Sprintf("sum_over_time(%s[%s:%s]%s%s)", selector(t), width(t), pick(t, "inner step", "", "1m", "10m", "1h"), offset(t), at(t))
	case 6:
		return fmt.Sprintf("max_over_time(sum_over_time(%s[%s:10m]%s)[6h:30m]%s)", ranged(t, "sum_over_time", false), width(t), offset(t), offset(t))
	}
	return ranged(t, "sum_over_time", true)
}

func ranged(t *rapid.T, function string, timed bool) string {
	modifier := offset(t)
	if timed {
		modifier += at(t)
	}
	return fmt.Sprintf("%s(%s[%s]%s)", function, selector(t), width(t), modifier)
}

func selector(t *rapid.T) string {
	return "confianza_mentions" + pick(t, "matchers", "", `{brand="Acme"}`, `{polarity="negative",source=~"net|file"}`, `{source="web"}`, `{polarity="unknown"}`)
}

func width(t *rapid.T) string {
	return pick(t, "width", "1m", "5m", "7m", "10m", "1h", "90m", "2h", "6h", "1d", "2d", "61s", "1h1s")
}

func offset(t *rapid.T) string {
	return pick(t, "offset", "", "", " offset 1h", " offset 30m", " offset 17m", " offset -1h", " offset 1d", " offset 13s")
}

func at(t *rapid.T) string {
	day := noon.AddDate(0, 0, -1)
	return pick(t, "at", "", "", "", " @ end()", " @ start()", fmt.Sprintf(" @ %d", day.Unix()), fmt.Sprintf(" @ %d.5", day.Unix()+1234))
}
