package hackernews

import (
	"slices"
	"strings"
	"unicode"

	"confianza/collectors"
	"confianza/collectors/search"
)

// maxQuery bounds a query, in bytes: Algolia cuts longer ones at 512 without a
// word.
const maxQuery = 500

// questions gives a query for each name, handle, hashtag and domain, since the
// search knows no OR. A single context phrase is asked for too; of several,
// and of exclusions, the door knows more than the search, which can exclude
// words but not phrases.
func questions(queries []collectors.Query) []search.Question {
	var all []search.Question
	for _, q := range queries {
		near := ""
		if len(q.Near) == 1 {
			near = phrase(q.Near[0])
		}
		var known []string
		for _, as := range slices.Concat(q.Any, q.Handles, q.Hashtags, q.Domains) {
			name := phrase(as)
			if folded := strings.ToLower(name); name == "" || slices.Contains(known, folded) {
				continue
			} else {
				known = append(known, folded)
			}
			text := name
			if near != "" && len(name)+1+len(near) <= maxQuery {
				text += " " + near
			}
			all = append(all, search.Question{Brand: q.Brand, Text: text})
		}
	}
	return all
}

// phrase quotes words that have to stand side by side as they are written.
// Handles and hashtags lose their sign, which the search does not see.
func phrase(as string) string {
	as = strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(as, " "))
	as = strings.TrimLeft(strings.Join(strings.Fields(as), " "), "@#- ")
	if !strings.ContainsFunc(as, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	for len(as) > maxQuery-2 { // by words; the door knows the rest
		at := strings.LastIndexByte(as, ' ')
		if at < 0 {
			return ""
		}
		as = as[:at]
	}
	return `"` + as + `"`
}
