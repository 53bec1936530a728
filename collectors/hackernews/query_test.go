package hackernews

import (
	"slices"
	"strings"
	"testing"

	"confianza/collectors"
)

func TestQuestions(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, tt := range []struct {
		name string
		q    collectors.Query
		want []string
	}{
		{"each name by itself", collectors.Query{Any: []string{"Delta", "Delta Air  Lines"}}, []string{`"Delta"`, `"Delta Air Lines"`}},
		{"the same in other letters once", collectors.Query{Any: []string{"Delta", "DELTA"}, Hashtags: []string{"#delta"}}, []string{`"Delta"`}},
		{"handles, hashtags, domains", collectors.Query{Any: []string{"Delta"}, Handles: []string{"@DeltaHelp"}, Hashtags: []string{"#DeltaLeak"},
			Domains: []string{"delta.example"}}, []string{`"Delta"`, `"DeltaHelp"`, `"DeltaLeak"`, `"delta.example"`}},
		{"one context phrase", collectors.Query{Any: []string{"Delta"}, Near: []string{"data breach"}}, []string{`"Delta" "data breach"`}},
		{"several are left to the door", collectors.Query{Any: []string{"Delta"}, Near: []string{"airline", "flight"}}, []string{`"Delta"`}},
		{"so are exclusions", collectors.Query{Any: []string{"Delta"}, Not: []string{"river delta"}}, []string{`"Delta"`}},
		{"quotes cannot break out", collectors.Query{Any: []string{`De"lta \" -x`}}, []string{`"De lta -x"`}},
		{"nothing to search for", collectors.Query{Any: []string{"…", "", "\x00"}}, nil},
		{"no longer than the search reads", collectors.Query{Any: []string{long + " " + long}, Near: []string{long}}, []string{`"` + long + `"`}},
	} {
		var got []string
		for _, q := range questions([]collectors.Query{tt.q}) {
			got = append(got, q.Text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func FuzzPhrase(f *testing.F) {
	f.Add(`a"b`)
	f.Add("@#- \\")
	f.Fuzz(func(t *testing.T, as string) {
		p := phrase(as)
		if p != "" && (len(p) > maxQuery || len(p) < 3 || p[0] != '"' || strings.Index(p[1:], `"`) != len(p)-2) {
			t.Errorf("%q became %q", as, p)
		}
	})
}
