package store

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// QueryError says why a text cannot be searched for.
type QueryError struct{ Why string }

func (e *QueryError) Error() string { return "store: search: " + e.Why }

const maxTerms = 32 // words in one query: more is not a question

// term is words that must follow each other in a text; with prefix the last
// one need only begin so.
type term struct {
	words  []string
	prefix bool
}

// terms reads what a person typed: words in any order, "words in quotes" that
// follow each other, and beginnings* of words. All must be met. Everything
// else a person may type separates words, so that nothing of it is ever an
// operator.
func terms(text string) ([]term, error) {
	var all []term
	count := 0
	for i, part := range strings.Split(plainQuotes.Replace(text), `"`) {
		chunks := []string{part}
		if i%2 == 0 { // outside of quotes
			chunks = strings.Fields(part)
		}
		for _, chunk := range chunks {
			if ws := split(chunk); len(ws) > 0 {
				all = append(all, term{ws, strings.HasSuffix(chunk, "*")})
				count += len(ws)
			}
		}
	}
	switch {
	case count == 0:
		return nil, &QueryError{"there is no word to look for"}
	case count > maxTerms:
		return nil, &QueryError{fmt.Sprintf("%d words are too many, at most %d", count, maxTerms)}
	}
	return all, nil
}

var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// split cuts a text where the index's tokenizer does: a word is a run of
// letters and digits with their accents; an accent begins none.
func split(text string) (words []string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) }) {
		if w = strings.TrimLeftFunc(w, accent); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// inWord follows unicode61 of SQLite: categories L, N and Co, and the
// combining accents it passes over.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r) || accent(r)
}

func accent(r rune) bool { return r >= 0x300 && r <= 0x331 }

// fold makes words equal that differ in case and accents.
func fold(words []string) []string {
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return unicode.ToLower(r)
		}, norm.NFD.String(w))
	}
	return folded
}

// expression asks the index for texts with every word. The index does not know
// where in a text a word stands: see [met].
func expression(all []term) string {
	var b strings.Builder
	for _, t := range all {
		for i, w := range t.words {
			if b.Len() > 0 {
				b.WriteString(" AND ")
			}
			b.WriteString(`"` + w + `"`)
			if t.prefix && i == len(t.words)-1 {
				b.WriteString(" *")
			}
		}
	}
	return b.String()
}

// phrases are the terms that the index alone cannot answer, folded.
func phrases(all []term) []term {
	return folded(slices.DeleteFunc(slices.Clone(all), func(t term) bool { return len(t.words) == 1 }))
}

// folded are terms as [met] looks for them.
func folded(all []term) []term {
	ps := make([]term, len(all))
	for i, t := range all {
		ps[i] = term{fold(t.words), t.prefix}
	}
	return ps
}

// met tells whether a text holds every term.
func met(ps []term, text string) bool {
	if len(ps) == 0 {
		return true
	}
	words := fold(split(text))
	return !slices.ContainsFunc(ps, func(p term) bool { return !p.in(words) })
}

func (p term) in(words []string) bool {
	last := len(p.words) - 1
	for i := 0; i+last < len(words); i++ {
		if slices.Equal(words[i:i+last], p.words[:last]) &&
			(words[i+last] == p.words[last] || p.prefix && strings.HasPrefix(words[i+last], p.words[last])) {
			return true
		}
	}
	return false
}
