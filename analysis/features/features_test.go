package features

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func forms(r *Reader) (all []string) {
	for _, t := range r.Tokens {
		all = append(all, string(r.Form(t)))
	}
	return all
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", " \n", nil},
		{"classes", "@bank see https://t.co/x 1,000 times", []string{"@", "see", "http", "0", "times"}},
		{"case, accents and long letters", "QUÉ horrooooor", []string{"que", "horroor"}},
		{"elided words are two", "l'amour, don’t", []string{"l'", "amour", "don't"}},
		{"a hashtag", "#Hacked!", []string{"#hacked", "!"}},
		{"faces and pictures", "ok :-)) 😡😡 <3", []string{"ok", ":)", "😡", "<3"}},
		{"entities, twice escaped too", "a &amp;lt;3 b", []string{"a", "<3", "b"}},
		{"Arabic letters made one", "أنـا", []string{"انا"}},
	}
	for _, tt := range tests {
		var r Reader
		r.Read(tt.text, "en")
		if got := forms(&r); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q is %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestNegation(t *testing.T) {
	var r Reader
	r.Read("no me gusta. me encanta", "es")
	var got []bool
	for _, token := range r.Tokens {
		got = append(got, token.Negated)
	}
	// "no" negates up to the end of its sentence.
	if want := []bool{false, true, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// "_si_" has pieces of two to five letters: _s _si _si_ si si_ i_.
func TestPieces(t *testing.T) {
	var r Reader
	r.Read("si", "es")
	var b Blocks
	if r.Alone(0, "es", &b); len(b[Pieces]) != 6 {
		t.Errorf("%d pieces, want 6", len(b[Pieces]))
	}
}

func TestNothingIsAllocated(t *testing.T) {
	var r Reader
	var b Blocks
	read := func() {
		r.Read("@bank I can't believe it… they LOST my data &amp; said nothing!!! 😡 #hacked", "en")
		b.Clear()
		r.Features("en", &b)
	}
	read()
	if n := testing.AllocsPerRun(100, read); n != 0 {
		t.Errorf("%v allocations a text", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("l'été :-D &amp;amp; #x\xff", "fr")
	f.Fuzz(func(t *testing.T, text, language string) {
		var r Reader
		r.Read(text, language)
		var b Blocks
		r.Features(language, &b)
		end := 0
		for _, token := range r.Tokens {
			from, to := token.Place()
			if len(r.Form(token)) == 0 || from < end || to <= from || len(r.Written(token)) != to-from {
				t.Errorf("in %q a token is %q at %d to %d, behind %d", text, r.Form(token), from, to, end)
			}
			end = to
		}
	})
}

func ExampleReader_Read() {
	var r Reader
	r.Read("Nooooo, @bank!!", "en")
	for _, t := range r.Tokens {
		fmt.Println(string(r.Form(t)), t.Long)
	}
	// Output:
	// noo true
	// @ false
	// ! true
}

// What "gracias" says in Spanish "danke" says in German; negated it says
// something else, and in Arabic nothing is on the list.
func TestMeaningsAreSharedByLanguages(t *testing.T) {
	of := func(text, language string) []uint64 {
		var r Reader
		var b Blocks
		r.Read(text, language)
		r.Alone(len(r.Tokens)-1, language, &b)
		return b[Meanings]
	}
	thanks := of("gracias", "es")
	if len(thanks) != 2 || !slices.Equal(of("DANKE", "de"), thanks) || !slices.Equal(of("#danke", "de"), thanks) {
		t.Errorf("gracias gives %x, DANKE %x, #danke %x", thanks, of("DANKE", "de"), of("#danke", "de"))
	}
	if got := of("sin gracias", "es"); len(got) != 2 || got[0] == thanks[0] || got[1] == thanks[1] {
		t.Errorf("negated %x, plain %x", got, thanks)
	}
	if got := of("danke", "ar"); len(got) != 0 {
		t.Errorf("%x in a language without a list", got)
	}
	// Emoji and emoticons say the same in all languages, and negated too.
	kiss := of("no :*", "es")
	if len(kiss) != 2 || !slices.Equal(of(":*", "ar"), kiss) || !slices.Equal(of("😘", ""), kiss) || slices.Equal(of("😢", "es"), kiss) {
		t.Errorf("a kiss gives %x, in Arabic %x, as emoji %x, a tear %x", kiss, of(":*", "ar"), of("😘", ""), of("😢", "es"))
	}
	// A stem is enough.
	if m, ok := meaningOf([]byte("excelentisimo"), tongueOf("es")); !ok || m.feel != 3 {
		t.Errorf("excelentisimo is %+v, %v; want its stem's feeling, 3", m, ok)
	}
}

func TestMeaningsFile(t *testing.T) {
	seen := map[string]bool{}
	for row := range strings.Lines(meaningsFile) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(row, "\n"), "|")
		if n := len(columns); n != 1+len(told) && n != 2+len(told) {
			t.Fatalf("%q has %d columns", row, len(columns))
		}
		if n, err := strconv.Atoi(columns[0]); err != nil || n < -3 || n > 3 {
			t.Errorf("%q: feels %q", row, columns[0])
		}
		for i, column := range columns[1:] {
			for w := range strings.FieldsSeq(column) {
				word, isStem := strings.CutSuffix(w, "*")
				lang := "signs"
				if i < len(told) {
					lang = told[i]
				} else {
					word, isStem = w, false
				}
				var r Reader
				r.Read(word, "")
				if len(r.Tokens) != 1 || string(r.Form(r.Tokens[0])) != word {
					t.Errorf("%q is not as tokens are folded", w)
				}
				if isStem && len(word) < leastStem {
					t.Errorf("%q is too short a stem", w)
				}
				if len(r.Tokens) != 1 {
					continue
				}
				if kind := r.Tokens[0].Kind; (kind == Emoji || kind == Emoticon) != (i == len(told)) {
					t.Errorf("%q is of kind %d, in column %d", w, kind, i)
				}
				if seen[lang+w] {
					t.Errorf("%s: %q is there twice", lang, w)
				}
				seen[lang+w] = true
			}
		}
	}
}

// Who remembers what a token adds to a score counts on few features of each.
func TestNoTokenHasManyFeatures(t *testing.T) {
	for _, text := range []string{strings.Repeat("ab", 500), "#" + strings.Repeat("ab", 500), strings.Repeat("añ", 500), strings.Repeat("ßæ", 500), strings.Repeat("عب", 500)} {
		var r Reader
		var b Blocks
		r.Read(text, "de")
		r.Alone(0, "de", &b)
		for block, of := range b {
			if len(of) > 255 {
				t.Errorf("%.8s… has %d features of block %d", text, len(of), block)
			}
		}
	}
}
