package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"confianza/test/cputime"
)

func delta(t testing.TB) *Matcher {
	t.Helper()
	m, err := New([]Brand{
		{Name: "Delta", Names: []string{"Delta", "Delta Air Lines"}, Handles: []string{"@Delta"}, Hashtags: []string{"#FlyDelta"},
			Domains: []string{"delta.com"}, Exclude: []string{"delta variant"}},
		{Name: "Acción", Context: []string{"banco", "tarjeta"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMatch(t *testing.T) {
	m := delta(t)
	tests := []struct {
		text, want string
		links      []string
	}{
		{"I love Delta.", "Delta", nil},
		{"¿DELTA? nunca más", "Delta", nil},
		{"Délta’s service", "Delta", nil},
		{"De\u0301lta", "Delta", nil},
		{"deltas of rivers", "", nil},
		{"Delta_Force", "", nil},
		{"delta-air", "Delta", nil},
		{"デルタDeltaに", "Delta", nil},
		{"#Delta!", "Delta", nil},
		{"#DeltaForce", "", nil},
		{"#DeltaAirLines", "Delta", nil},
		{"#flydelta", "Delta", nil},
		{"thanks @delta.", "Delta", nil},
		{"thanks @DeltaAssist", "", nil},
		{"@delta.evil.com", "", nil},
		{"mail bob@delta.com", "", nil},
		{"see https://news.delta.com/x", "Delta", nil},
		{"see notdelta.com", "", nil},
		{"delta.com.evil.org/delta", "Delta", nil}, // a bare word before a dot still is the name
		{"Delta:https://t.co/x", "Delta", nil},
		{"[Delta](https://news.example)", "Delta", nil},
		{"Delta/@JetBlue", "Delta", nil},
		{"gracias Delta,@ana", "Delta", nil},
		{"https://news.example/delta", "", nil},
		{"www.news.example/delta", "", nil},
		{"delta.fan@mail.example", "", nil},
		{"the@my-delta.example", "", nil},
		{"@ana.delta-fans.example", "", nil},
		{"nothing", "Delta", []string{"https://www.delta.com:443/a"}},
		{"nothing", "", []string{"https://delta.com.evil.org/"}},
		{"Delta and the delta variant", "", nil},
		{"la ACCION del gobierno", "", nil},
		{"la accion de mi banco", "Acción", nil},
		{"Acción, mi tarjeta y Delta", "Delta,Acción", nil},
		{"delta\u00a0 air\tlines", "Delta", nil},
		{"ＤＥＬＴＡ", "Delta", nil},
		{"\xff\xfe broken", "", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, i := range m.Match(tt.text, tt.links, nil) {
			got = append(got, m.Brands()[i])
		}
		if g := strings.Join(got, ","); g != tt.want {
			t.Errorf("Match(%q, %q) = %q, want %q; findings %+v", tt.text, tt.links, g, tt.want, m.Explain(tt.text, tt.links))
		}
	}
}

func TestNamesOfAllKinds(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"楽天", "昨日楽天で買った", "楽天"}, // a name in a script without spaces
		{"삼성", "삼성 해킹", "삼성"},
		{"Αθήνα", "στην ΑΘΗΝΑ", "Αθήνα"},
		{"Αθήνα", "Αθη\u0301να", "Αθήνα"},
		{"Μάρκος", "ΜΑΡΚΟΣ", "Μάρκος"},
		{"Чёрный", "черный", "Чёрный"},
		{"AT&T", "AT&amp;T was hacked", "AT&T"},
		{"C&A", "#CA", ""}, // California
		{"C&A", "C&A y nadie más", "C&A"},
		{"T-Mobile", "#TMobile", "T-Mobile"},
		{"T-Mobile", "T‑Mobile", "T-Mobile"}, // a hyphen that does not break
		{"T-Mobile", "tmobile", ""},
		{"Yahoo!", "#Yahoo was hacked", "Yahoo!"},
		{"McDonald's", "#McDonalds", "McDonald's"},
		{"L'Oréal", "#LOréal", "L'Oréal"},
		{"Toys \"R\" Us", "Toys “R” Us", "Toys \"R\" Us"},
		{"Banco de Chile", "#BancoDeChile", "Banco de Chile"},
		{"C++", "#C", ""},
	}
	for _, tt := range tests {
		m, err := New([]Brand{{Name: tt.name}})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := ""
		if len(m.Match(tt.text, nil, nil)) == 1 {
			got = tt.name
		}
		if got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.name, tt.text, got, tt.want)
		}
		if got != "" && !m.Names([]byte(tt.text)) {
			t.Errorf("%q in %q does not pass the cheap door", tt.name, tt.text)
		}
	}
}

func TestDomainsAsPeopleCopyThem(t *testing.T) {
	for _, domain := range []string{"acción.example", "https://www.acción.example/", "http://Acción.example"} {
		m, err := New([]Brand{{Name: "Other", Domains: []string{domain}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Match("look", []string{"https://tienda.acción.example/x"}, nil)) != 1 {
			t.Errorf("%s: a link to it is not taken", domain)
		}
		if len(m.Match("look: www.acción.example", nil, nil)) != 1 {
			t.Errorf("%s: its name in a text is not taken", domain)
		}
	}
}

func TestExplainSaysWhy(t *testing.T) {
	m := delta(t)
	f := m.Explain("ñ Delta and the delta variant", nil)
	if len(f) != 1 || f[0].Accepted || f[0].Why != `the excluded phrase "delta variant" occurs` {
		t.Fatalf("got %+v", f)
	}
	if f[0].Hits[0].At != 3 { // ñ takes two bytes
		t.Errorf("hit at %d, want 3", f[0].Hits[0].At)
	}
	if f := m.Explain("Accion!", nil); len(f) != 1 || f[0].Why != "none of the required context phrases occurs" {
		t.Errorf("got %+v", f)
	}
	if f := m.Explain("deltas", nil); len(f) != 1 || f[0].Hits[0].Rejected != "inside a longer word" || f[0].Why != "no phrase stands alone" {
		t.Errorf("got %+v", f)
	}
}

func TestNewNamesTheMistake(t *testing.T) {
	tests := []struct {
		brands []Brand
		want   string
	}{
		{[]Brand{{Name: " "}}, "match: brand 1 has no name"},
		{[]Brand{{Name: "Acme"}, {Name: "ácme"}}, `match: brand "ácme" is there twice`},
		{[]Brand{{Name: "Acme", Handles: []string{"@"}}}, `match: brand "Acme": handle "@" has nothing to match`},
		{[]Brand{{Name: "Acme", Domains: []string{"acme.example/shop"}}}, `match: brand "Acme": domain "acme.example/shop" is not a host name`},
	}
	for _, tt := range tests {
		if _, err := New(tt.brands); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// Twice the brands are twice the work, not four times.
func TestNewIsLinear(t *testing.T) {
	allocations := func(n int) float64 {
		brands := make([]Brand, n)
		for i := range brands {
			brands[i].Name = fmt.Sprint("Brand ", i)
		}
		return testing.AllocsPerRun(1, func() {
			if _, err := New(brands); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocations(500), allocations(1000); many > 3*few {
		t.Errorf("%v allocations for 500 brands, %v for 1000", few, many)
	}
}

// fillers are words that name nothing and say nothing of what stands beside a
// space: what is around a text, in any script, must not matter.
var fillers = []string{"zz", "", "ñandú", "ещё", "デルタ", "🙂", "\xff", "?!", "a.b", "@ana", "#otra", "https://x.example/y", "zz\n", "\u200b", "&amp;"}

// Each brand is matched as if it were alone, among ten or a thousand.
func TestBrandsDoNotMindEachOther(t *testing.T) {
	few := make([]Brand, 10)
	for i, name := range []string{"Delta", "Delta Air", "Air", "C&A", "Acción", "T-Mobile", "楽天", "Air Lines", "Banco", "elta"} {
		few[i] = Brand{Name: name, Domains: []string{fmt.Sprint("d", i, ".example")}}
	}
	few[4].Context, few[8].Exclude = []string{"banco"}, []string{"banco central"}
	many := slices.Clone(few)
	for i := range 990 {
		many = append(many, Brand{Name: fmt.Sprint("Air ", i), Context: []string{"delta"}, Exclude: []string{"acción"}})
	}
	matcher := func(brands ...Brand) *Matcher {
		m, err := New(brands)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	ten, thousand := matcher(few...), matcher(many...)
	var alone []*Matcher
	for _, b := range few {
		alone = append(alone, matcher(b))
	}
	part := rapid.SampledFrom([]string{"delta", "Air", "lines", "C&amp;A", "acción", "banco", "central", "T‑Mobile", "楽天", "買", "air 7", "@", "#", ".", "d1.example", "-"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 0, 7).Draw(t, "parts"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "glue"))
		var want []int
		for i, m := range alone {
			if len(m.Match(text, nil, nil)) > 0 {
				want = append(want, i)
			}
		}
		if got := ten.Match(text, nil, nil); !slices.Equal(got, want) {
			t.Fatalf("%q: %v among ten, %v alone", text, got, want)
		}
		got := thousand.Match(text, nil, nil)
		if got = got[:sortedBelow(got, len(few))]; !slices.Equal(got, want) {
			t.Fatalf("%q: %v among a thousand, %v alone", text, got, want)
		}
	})
}

// sortedBelow is how many of ascending indexes are below n.
func sortedBelow(ascending []int, n int) int {
	i, _ := slices.BinarySearch(ascending, n)
	return i
}

func TestLaws(t *testing.T) {
	m := delta(t)
	part := rapid.SampledFrom([]string{"delta", "Delta", "#delta", "@delta", "air lines", "variant", "acción", "banco", "x", "é", "delta.com", "_", "."})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "glue"))
		got := m.Match(text, nil, nil)
		before, after := rapid.SampledFrom(fillers).Draw(t, "before"), rapid.SampledFrom(fillers).Draw(t, "after")
		if around := m.Match(before+" "+text+" "+after, nil, nil); !slices.Equal(got, around) {
			t.Fatalf("%q: %v alone, %v between other words", text, got, around)
		}
		if upper := m.Match(strings.ToUpper(text), nil, nil); !slices.Equal(got, upper) {
			t.Fatalf("%q: %v, in capitals %v", text, got, upper)
		}
		if len(got) > 0 && !m.Names([]byte(text)) {
			t.Fatalf("%q matches but did not pass the cheap door", text)
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("Delta’s bank\xff")
	m := delta(f)
	f.Fuzz(func(t *testing.T, text string) {
		got := m.Match(text, nil, nil)
		var explained []int
		for _, e := range m.Explain(text, nil) {
			if e.Accepted {
				explained = append(explained, slices.Index(m.Brands(), e.Brand))
			}
		}
		if !slices.Equal(got, explained) {
			t.Errorf("Match %v, Explain %v", got, explained)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	text := strings.Repeat("just landed after a long day, nothing works and nobody answers the phone ", 4)
	for _, n := range []int{10, 10_000} {
		brands := make([]Brand, n)
		for i := range brands {
			brands[i].Name = fmt.Sprintf("Brand%dson", i*7919)
		}
		m, err := New(brands)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("brands=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			in, since := []byte(text), cputime.Used()
			for b.Loop() {
				if m.Names(in) {
					b.Fatal("matched")
				}
			}
			cputime.Report(b, cputime.Used()-since, b.N, "op")
		})
	}
}

func ExampleMatcher_Explain() {
	m, _ := New([]Brand{{Name: "Acme", Exclude: []string{"acme test"}}})
	for _, f := range m.Explain("Acme lost my data", nil) {
		fmt.Println(f.Brand, f.Accepted, f.Hits[0].Kind, f.Hits[0].Phrase)
	}
	// Output: Acme true name Acme
}
