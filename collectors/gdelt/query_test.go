package gdelt

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"confianza/collectors"
	"confianza/collectors/search"
)

func numbered(n, size int) []string {
	var all []string
	for i := range n {
		all = append(all, "n"+strconv.Itoa(i)+strings.Repeat("x", size-2))
	}
	return all
}

func TestQuestions(t *testing.T) {
	for _, tt := range []struct {
		name string
		q    collectors.Query
		want []string
	}{
		{"one word", collectors.Query{Any: []string{"Delta"}}, []string{"Delta sourcelang:spanish"}},
		{"a phrase", collectors.Query{Any: []string{"Delta  Air Lines"}}, []string{`"Delta Air Lines" sourcelang:spanish`}},
		{"names in parentheses", collectors.Query{Any: []string{"Delta", "Delta Air"}}, []string{`(Delta OR "Delta Air") sourcelang:spanish`}},
		{"context", collectors.Query{Any: []string{"Delta"}, Near: []string{"airline", "data breach"}},
			[]string{`Delta (airline OR "data breach") sourcelang:spanish`}},
		{"exclusions", collectors.Query{Any: []string{"Delta"}, Not: []string{"variant", "river delta"}},
			[]string{`Delta -variant -"river delta" sourcelang:spanish`}},
		{"its own languages", collectors.Query{Any: []string{"Delta"}, Languages: []string{"pt-BR", "EN", "tlh"}},
			[]string{"Delta (sourcelang:portuguese OR sourcelang:english)"}},
		{"what has signs is quoted when it is long enough", collectors.Query{Any: []string{"AT&T", "Coca-Cola", "Yahoo!"}}, []string{`(AT&T OR "Coca-Cola" OR Yahoo) sourcelang:spanish`}},
		{"operators are only words", collectors.Query{Any: []string{`sourcelang:en) OR ("x`, "OR"}}, []string{`("sourcelang en OR x" OR or) sourcelang:spanish`}},
		{"accents stay", collectors.Query{Any: []string{"Avión"}}, []string{"Avión sourcelang:spanish"}},
		{"nothing to search for", collectors.Query{Any: []string{"", "…", "x"}}, nil},
		{"context that is none", collectors.Query{Any: []string{"Delta"}, Near: []string{"…"}}, nil},
		{"handles and domains are not asked for", collectors.Query{Handles: []string{"@delta"}, Domains: []string{"delta.example"}}, nil},
	} {
		var got []string
		for _, q := range questions([]collectors.Query{tt.q}, []string{"es"}) {
			got = append(got, q.Text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestManyNamesAreSeveralQueries(t *testing.T) {
	got := questions([]collectors.Query{{Brand: "Delta", Any: numbered(20, 10), Near: numbered(10, 20), Not: numbered(10, 30)}}, []string{"es", "pt", "en"})
	if len(got) != 3*2 { // 8, 8 and 4 names; 5 and 5 context phrases
		t.Errorf("%d queries, want 6", len(got))
	}
	for _, n := range numbered(20, 10) {
		if !slices.ContainsFunc(got, func(q search.Question) bool { return strings.Contains(q.Text, n) }) {
			t.Errorf("%s is not asked for", n)
		}
	}
	for _, q := range got {
		if len(q.Text) > 520 {
			t.Errorf("%d bytes: %s", len(q.Text), q.Text)
		}
		if want := "Delta: 7 of 10 exclusions do not fit into a query and are not applied to articles"; q.Trouble != want {
			t.Errorf("trouble %q, want %q", q.Trouble, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	for name, want := range map[string]string{"Spanish": "es", "portuguese": "pt", "English": "en", "Chinese": "zh", "Klingon": "", "": ""} {
		if got := languageTag(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func FuzzTerm(f *testing.F) {
	f.Add("AT&T")
	f.Add(`-"(x) OR y:z`)
	f.Fuzz(func(t *testing.T, phrase string) {
		got := term(phrase)
		inner := strings.TrimSuffix(strings.TrimPrefix(got, `"`), `"`)
		if len(got) > maxTerm+2 || strings.ContainsAny(inner, "\"():\\\n") || strings.HasPrefix(got, "-") || got == "OR" {
			t.Errorf("%q became %q", phrase, got)
		}
	})
}
