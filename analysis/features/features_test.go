package features

import (
	"fmt"
	"slices"
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
	if got := r.Pieces(r.Tokens[0], nil); len(got) != 6 {
		t.Errorf("%d pieces, want 6", len(got))
	}
}

func TestNothingIsAllocated(t *testing.T) {
	var r Reader
	var words []uint64
	read := func() {
		r.Read("@bank I can't believe it… they LOST my data &amp; said nothing!!! 😡 #hacked", "en")
		words = r.Words(words[:0])
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
		r.Words(nil)
		for _, token := range r.Tokens {
			if len(r.Form(token)) == 0 {
				t.Errorf("an empty token in %q", text)
			}
			r.Pieces(token, nil)
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
