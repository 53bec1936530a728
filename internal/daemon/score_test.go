package daemon

import (
	"strings"
	"testing"
)

func TestScoreLines(t *testing.T) {
	tests := []struct {
		name, in string
		o        ScoreOptions
		want     string
	}{
		{"nothing", "", ScoreOptions{}, ""},
		{"a line without an end, and one of nothing", "\n\nx", ScoreOptions{Scorer: "vader", Language: "es"},
			"unknown   es     0.000 0.000 0.000  \nunknown   es     0.000 0.000 0.000  \nunknown   es     0.000 0.000 0.000  x\n"},
		{"orders to the terminal", "a\x1b[31mb\r\n", ScoreOptions{Scorer: "vader", Language: "es"}, "unknown   es     0.000 0.000 0.000  a [31mb\n"},
		{"an object", "odio", ScoreOptions{Scorer: "vader", Language: "es", JSON: true}, `{"language":"es","label":"unknown","negative":0,"neutral":0,"positive":0}` + "\n"},
	}
	for _, tt := range tests {
		var out strings.Builder
		if err := Score(t.Context(), tt.o, strings.NewReader(tt.in), &out); err != nil || out.String() != tt.want {
			t.Errorf("%s: got %q, %v; want %q", tt.name, &out, err, tt.want)
		}
	}
}

func TestScoreRefuses(t *testing.T) {
	for want, in := range map[string]struct {
		o    ScoreOptions
		text string
	}{
		`no scorer "x"`: {ScoreOptions{Scorer: "x"}, ""},
		"vader@1 cannot explain its scores; model can": {ScoreOptions{Scorer: "vader", Explain: true}, ""},
		`no language "x"`:                          {ScoreOptions{Language: "x"}, ""},
		"score: line 2: longer than 1048576 bytes": {ScoreOptions{}, "a\n" + strings.Repeat("a", longest+1)},
	} {
		var out strings.Builder
		if err := Score(t.Context(), in.o, strings.NewReader(in.text), &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
