package alerting

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/series"
)

func TestMistakesInRulesAreFound(t *testing.T) {
	for content, want := range map[string]string{
		"groups: [{name: g, rules: [{alert: A, expr: 'up =='}]}]":                 "could not parse expression",
		"groups: [{name: g, rules: [{alert: A, exrp: up}]}]":                      "exrp",
		"groups: [{name: g, rules: [{alert: A, record: b, expr: up}]}]":           "only one of 'record' and 'alert'",
		"groups: [{name: g, rules: [{alert: A, expr: up, for: soon}]}]":           "duration",
		"groups: [{name: g, rules: [{alert: A, expr: up, labels: {'0x\\n': ''}]}": "",
	} {
		path := filepath.Join(t.TempDir(), "mine.yml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := New(Options{Files: []string{path}, Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s named and %q", content, err, path, want)
		}
	}
	if _, err := New(Options{Files: []string{"not/there.yml"}, Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("a file that is not there is none to say nothing about")
	}
}

func TestNeeds(t *testing.T) {
	const hour = time.Hour
	for expr, want := range map[string]map[string]time.Duration{
		"a":                                      {"a": lookback},
		"rate(a[1h]) / b":                        {"a": hour + lookback, "b": lookback},
		"max_over_time(rate(a[1h])[6h:1m])":      {"a": 7*hour + lookback},
		"a offset 2h":                            {"a": 2*hour + lookback},
		"max_over_time(a[1h] offset 1h) or a":    {"a": 2*hour + lookback},
		"quantile_over_time(0.5, a[1d])":         {"a": 24*hour + lookback},
		"avg_over_time(a[7d])":                   {"a": farthest},
		`{__name__=~"a.*"}`:                      {},
		`absent(up{job="confianza"}) or up == 0`: {"up": lookback},
	} {
		parsed, err := series.Parser().ParseExpr(expr)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]time.Duration{}
		far := needs(parsed, got)
		if len(got) != len(want) || (far != nil) != strings.Contains(expr, "7d") {
			t.Errorf("%s: got %v, %v, want %v", expr, got, far, want)
		}
		for name, d := range want {
			if got[name] != d {
				t.Errorf("%s: %s is needed for %v, want %v", expr, name, got[name], d)
			}
		}
	}
}
