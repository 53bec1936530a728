// Package language tells which language a short text is in.
//
// It answers with a closed set, since the answer becomes a metric label: the
// languages confianza scores or will score, and [Other]. Evidence is the
// script, trigrams (whatlanggo) and what the source declared.
package language

import (
	"regexp"
	"strings"

	"github.com/abadojack/whatlanggo"
)

// Other is every language outside the set, and what cannot be told.
const Other = "other"

// Guess is a language with how sure we are of it, 0 to 1.
type Guess struct {
	Code       string
	Confidence float64
}

var ours = map[whatlanggo.Lang]string{
	whatlanggo.Eng: "en", whatlanggo.Spa: "es", whatlanggo.Por: "pt", whatlanggo.Fra: "fr",
	whatlanggo.Deu: "de", whatlanggo.Ita: "it", whatlanggo.Arb: "ar", whatlanggo.Hin: "hi",
}

// likely is what whatlanggo may answer: ours, and the languages most written
// besides them in Latin letters. With all its 84, short Spanish is Asturian's
// neighbour and Portuguese anything; see the package's accuracy test.
var likely = whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{
	whatlanggo.Eng: true, whatlanggo.Spa: true, whatlanggo.Por: true, whatlanggo.Fra: true, whatlanggo.Deu: true,
	whatlanggo.Ita: true, whatlanggo.Arb: true, whatlanggo.Hin: true,
	whatlanggo.Nld: true, whatlanggo.Tur: true, whatlanggo.Pol: true, whatlanggo.Ind: true, whatlanggo.Swe: true,
	whatlanggo.Fin: true, whatlanggo.Vie: true, whatlanggo.Rus: true, whatlanggo.Jpn: true, whatlanggo.Pes: true,
}}

// Labels lists every code [Identify] can give.
func Labels() []string { return []string{"en", "es", "pt", "fr", "de", "it", "ar", "hi", Other} }

// noise is what says nothing of a language: addresses, handles, hashtags.
var noise = regexp.MustCompile(`https?://\S+|www\.\S+|[@#]\S+`)

// short is how long a text is, in bytes, whose trigrams are too few to be sure
// whatever they say.
const short = 40

// Identify gives the language of a text. A declared language (BCP 47, "" when
// there is none) decides unless the text speaks clearly against it: people's
// apps declare a default that they do not always write in.
func Identify(text, declared string) Guess {
	plain := noise.ReplaceAllString(text, " ")
	info := whatlanggo.DetectWithOptions(plain, likely)
	found, known := ours[info.Lang]
	known = known && info.Confidence > 0 // between equals the library draws lots
	if !known {
		found = Other
	}
	if lang, lead := byCues(plain); lead >= 2 || lead == 1 && (info.Confidence < 0.5 || len(plain) < short) {
		found, known = lang, true
	}
	said := normal(declared)
	switch {
	case said == "" && info.Confidence < 0.3 && !known:
		return Guess{Other, info.Confidence}
	case said == "" || info.IsReliable() && info.Confidence > 0.9 && len(text) > 60:
		return Guess{found, info.Confidence}
	}
	return Guess{said, 1}
}

// normal gives a declared language as one of ours or Other, "" when nothing
// is declared.
func normal(declared string) string {
	code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(declared, "_", "-")), "-")
	if code == "" || code == "und" {
		return ""
	}
	for _, l := range Labels() {
		if code == l {
			return l
		}
	}
	return Other
}
