package gdelt

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/search"
)

// What a query may be. GDELT names no limits and refuses long ones ("too
// short or too long", "too many queries in OR clause"); these have worked.
const (
	maxTerms      = 8   // in one OR
	maxAny        = 200 // bytes of the OR of names
	maxNear       = 120 // bytes of the OR of context phrases
	maxExclusions = 120 // bytes
	maxTerm       = 80  // bytes of one phrase
	maxShort      = 5   // bytes of a word that must not be quoted
)

// questions words each wish: one of the names, one of the context phrases,
// none of the exclusions, in one of the languages. Names and context phrases
// that do not fit into one query make several; handles, hashtags and domains
// are not what articles say.
func questions(queries []collectors.Query, languages []string) []search.Question {
	var all []search.Question
	for _, q := range queries {
		tail, trouble := exclusions(q.Not)
		if trouble != "" {
			trouble = fmt.Sprintf("%s: %s", q.Brand, trouble)
		}
		if len(q.Languages) > 0 {
			tail = append(tail, sources(q.Languages)...)
		} else {
			tail = append(tail, sources(languages)...)
		}
		near := groups(q.Near, maxNear)
		if len(near) == 0 {
			if len(q.Near) > 0 {
				continue // context that cannot be asked for: everything would be found
			}
			near = []string{""}
		}
		for _, names := range groups(q.Any, maxAny) {
			for _, n := range near {
				parts := slices.DeleteFunc(slices.Concat([]string{names, n}, tail), func(s string) bool { return s == "" })
				all = append(all, search.Question{Brand: q.Brand, Text: strings.Join(parts, " "), Trouble: trouble})
			}
		}
	}
	return all
}

// groups makes ORs of phrases, none longer than its limits.
func groups(phrases []string, longest int) []string {
	var all, group []string
	size := 0
	for _, p := range phrases {
		t := term(p)
		if t == "" || slices.Contains(group, t) {
			continue
		}
		if len(group) == maxTerms || len(group) > 0 && size+len(" OR ")+len(t) > longest {
			all, group, size = append(all, or(group)), nil, 0
		}
		group, size = append(group, t), size+len(" OR ")+len(t)
	}
	if len(group) > 0 {
		all = append(all, or(group))
	}
	return all
}

// or joins terms. GDELT wants parentheses around an OR and refuses them around
// anything else.
func or(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}

// term is a phrase as the search takes it: quoted unless it is one plain word
// or a short one, since quotes around those it refuses as "too short". ""
// means that it has nothing to search for.
func term(phrase string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("&.'-+", r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(phrase, " "))
	words := strings.Fields(clean)
	for i, w := range words {
		words[i] = strings.Trim(w, "&.'-+")
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	for len(words) > 1 && len(strings.Join(words, " ")) > maxTerm {
		words = words[:len(words)-1] // finds more than was meant, not less
	}
	clean = strings.Join(words, " ")
	signs := strings.ContainsFunc(clean, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case clean == "" || len(clean) > maxTerm || utf8.RuneCountInString(clean) < 2:
		return ""
	case clean == "OR" || clean == "AND" || clean == "NOT":
		return strings.ToLower(clean)
	case len(words) > 1 || signs && len(clean) > maxShort:
		return `"` + clean + `"`
	}
	return clean
}

// exclusions are the phrases that must not occur, as many as fit. The others
// are a trouble, since nobody else looks at the text of an article.
func exclusions(not []string) (terms []string, trouble string) {
	size, left := 0, 0
	for _, p := range not {
		t := term(p)
		if t == "" || size+len(t)+2 > maxExclusions {
			left++
			continue
		}
		terms, size = append(terms, "-"+t), size+len(t)+2
	}
	if left > 0 {
		trouble = fmt.Sprintf("%d of %d exclusions do not fit into a query and are not applied to articles", left, len(not))
	}
	return terms, trouble
}

// sources limits the languages of articles; one that GDELT does not know finds
// nothing, and is left out.
func sources(languages []string) []string {
	var known []string
	for _, l := range languages {
		if name, ok := languageName(l); ok {
			known = append(known, "sourcelang:"+strings.ToLower(strings.ReplaceAll(name, " ", "")))
		}
	}
	if len(known) == 0 {
		return nil
	}
	return []string{or(known)}
}
