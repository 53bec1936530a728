package drivers

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// usual are so many posts that have nothing new.
func usual(seed uint64, n int) (posts []Post) {
	r := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("the flight was late again and my bag is gone but the crew were nice on the way to madrid with a good seat")
	for i := range n {
		var text []string
		for range 8 {
			text = append(text, words[r.IntN(len(words))])
		}
		posts = append(posts, Post{fmt.Sprint("u", seed, "-", i), "Acme " + strings.Join(text, " ")})
	}
	return posts
}

func names(found []Driver) (all []string) {
	for _, d := range found {
		all = append(all, d.Words)
	}
	return all
}

func TestWhatIsNewIsFound(t *testing.T) {
	window := usual(1, 200)
	for i := range 60 {
		window = append(window, Post{fmt.Sprint("new", i), "My passport number was stolen from Acme! @ana https://acme.example/x"})
	}
	for i := range 20 {
		window = append(window, Post{fmt.Sprint("claim", i), "I want a refund, Acme."})
	}
	got := Find(Talk{Window: window, Before: usual(2, 2000), Past: usual(3, 2000), Leave: []string{"Acme"}}, 10)
	if len(got) < 2 {
		t.Fatalf("found %v", names(got))
	}
	first := got[0]
	if first.Words != "my passport number was stolen" || first.N != 60 || len(first.Posts) != 60 {
		t.Errorf("the first is %q by %d in %d posts of %v", first.Words, first.N, len(first.Posts), names(got))
	}
	if !slices.ContainsFunc(got, func(d Driver) bool { return strings.Contains(d.Words, "refund") && d.N == 20 }) {
		t.Errorf("no refund in %v", names(got))
	}
	for _, d := range got {
		if strings.ContainsAny(d.Words, "@:/.") || strings.Contains(d.Words, "acme") || strings.Contains(d.Words, "ana") {
			t.Errorf("%q points at somebody, or says nothing", d.Words)
		}
	}
}

// Talk that is as it always was has no drivers, nor has one who shouts.
func TestNothingNew(t *testing.T) {
	found := 0
	for seed := range uint64(20) {
		found += len(Find(Talk{Window: usual(10+seed, 300), Before: usual(50+seed, 3000), Past: usual(90+seed, 3000)}, 10))
	}
	if found > 20 { // some 300 words and pairs each time, of which 0.13 % pass by chance: 8 in all
		t.Errorf("%d drivers in 20 windows of nothing new", found)
	}
	window := usual(1, 200)
	for range 100 {
		window = append(window, Post{"the same", "scandal scandal outrage"})
	}
	if got := Find(Talk{Window: window, Before: usual(2, 2000)}, 10); slices.ContainsFunc(got, func(d Driver) bool { return d.Words == "scandal" || strings.Contains(d.Words, "outrage") }) {
		t.Errorf("one author made %v", names(got))
	}
	if got := Find(Talk{}, 10); len(got) != 0 {
		t.Errorf("nothing at all gave %v", got)
	}
}

// A figure worked by hand: 45 of 260 authors' words against none of 2,000.
func TestLogOdds(t *testing.T) {
	prior := 500 * 45 / 2260.0
	want := (math.Log((45+prior)/(260+500-45-prior)) - math.Log(prior/(2000+500-prior))) / math.Sqrt(1/(45+prior)+1/prior)
	if got := logOdds(45, 260, 0, 2000, prior); math.Abs(got-want) > 1e-12 || got < 7 || got > 10 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string]string{
		"Vuelo CANCELADO, otra vez":                  "vuelo cancelado||otra vez",
		"#DataBreach it's bad":                       "databreach it's bad",
		"ask @ana.b.social or acme.com/help, 24/7":   "ask||or||",
		"e-mail: a@b.example u/ana did:plc:abc x":    "e-mail||x",
		"ask /u/ana, (u/bea) or /user/eva menu/cena": "ask||or||menu||cena",
		"ya no más… ¿reembolso?":                     "ya no más||reembolso|",
		"हिन्दी शब्द":                                "हिन्दी शब्द",
		"":                                           "",
	} {
		got := strings.ReplaceAll(strings.ReplaceAll(strings.Join(split(text), " "), "  ", "||"), "|| ", "||")
		if strings.TrimRight(got, "| ") != strings.TrimRight(want, "| ") {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The order of posts does not matter, nor what an author says twice.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"data", "leak", "refund", "late", "Acme", "@ana", "https://a.example", "good", "bad."})
		post := rapid.Custom(func(t *rapid.T) Post {
			return Post{rapid.StringMatching(`[a-d]?`).Draw(t, "author"), strings.Join(rapid.SliceOfN(word, 0, 6).Draw(t, "words"), " ")}
		})
		window, before := rapid.SliceOfN(post, 0, 40).Draw(t, "window"), rapid.SliceOfN(post, 0, 40).Draw(t, "before")
		talk := Talk{Window: window, Before: before}
		found := Find(talk, 100)
		for _, d := range found {
			if d.N < fewest || d.Z < surest || math.IsNaN(d.Z) || len(d.Posts) == 0 || !slices.IsSorted(d.Posts) {
				t.Fatalf("%+v", d)
			}
		}
		turned := slices.Clone(before)
		slices.Reverse(turned)
		talk.Before = turned
		if got := Find(talk, 100); !slices.Equal(names(got), names(found)) {
			t.Fatalf("with the past turned round %v, else %v", names(got), names(found))
		}
	})
}

func BenchmarkFind(b *testing.B) {
	talk := Talk{Window: usual(1, 5000), Before: usual(2, 10000), Past: usual(3, 10000)}
	for b.Loop() {
		Find(talk, 10)
	}
}
