package match

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Ǿ ǽ":             "o ae", // letters with an accent, and none of their own in ASCII
		"\u212b":          "a",    // the Ångström sign
		"\u212a":          "k",    // the Kelvin sign
		"d\u1ffdor":       "d'or", // the Greek oxia is an acute accent
		"ϓ":               "ϒ",
		"a\u0301 \u00a0b": "a b",
	} {
		if got := string(Fold(nil, []byte(in))); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Every letter that Unicode composes of parts folds as its parts do.
func TestFoldKnowsNoCompositions(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			continue
		}
		whole, parts := Fold(nil, []byte(string(r))), Fold(nil, norm.NFD.Bytes([]byte(string(r))))
		if !bytes.Equal(whole, parts) {
			t.Errorf("%q (%U) folds to %q, its parts to %q", r, r, whole, parts)
		}
	}
}

// Folding is sound, done when it is done, tells where each byte comes from,
// and goes on where it stopped.
func FuzzFold(f *testing.F) {
	f.Add("Délta’s \u00a0 AT&amp;T\xff", "ＤＥ\u200bLTA")
	f.Add("Ǿ\u212b", "\u0301 ")
	f.Fuzz(func(t *testing.T, a, b string) {
		text := []byte(a + b)
		folded, at := fold(nil, nil, text, true)
		if !bytes.Equal(folded, Fold(nil, text)) {
			t.Errorf("%q with offsets, %q without", folded, Fold(nil, text))
		}
		if len(at) != len(folded) {
			t.Fatalf("%d offsets of %d bytes", len(at), len(folded))
		}
		for i, from := range at {
			if from < 0 || from >= len(text) || i > 0 && from < at[i-1] {
				t.Fatalf("offsets %v of %d bytes", at, len(text))
			}
		}
		if !utf8.Valid(folded) || bytes.Contains(folded, []byte("  ")) || bytes.ContainsAny(folded, "ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\n\u0301\u200b") {
			t.Errorf("%q folds to %q", text, folded)
		}
		if !bytes.Contains(folded, []byte("&amp;")) { // what was escaped twice is read once
			if again := Fold(nil, folded); !bytes.Equal(again, folded) {
				t.Errorf("%q folds to %q, and that to %q", text, folded, again)
			}
		}
		if utf8.ValidString(a) && !strings.Contains(a, "&") {
			if pieces := Fold(Fold(nil, []byte(a)), []byte(b)); !bytes.Equal(pieces, folded) {
				t.Errorf("%q in one, %q in two pieces", folded, pieces)
			}
		}
	})
}
