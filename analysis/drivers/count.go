package drivers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// counted is how many authors used each word, and each pair of words.
type counted struct {
	terms [2]map[string]*use
	total [2]int
}

// use is of one term.
type use struct {
	authors int
	posts   []int
	by      map[string]bool
}

func (c *counted) of(size int, term string) int {
	if u := c.terms[size][term]; u != nil {
		return u.authors
	}
	return 0
}

func count(posts []Post, leave map[string]bool) *counted {
	c := &counted{terms: [2]map[string]*use{{}, {}}}
	for i, p := range posts {
		words := split(p.Text)
		for j, w := range words {
			c.add(0, w, leave[w], i, p.Author)
			if j > 0 {
				// A pair with a word that says nothing is the other word again.
				c.add(1, words[j-1]+" "+w, leave[w] || leave[words[j-1]], i, p.Author)
			}
		}
	}
	return c
}

func (c *counted) add(size int, term string, leave bool, post int, author string) {
	if leave || strings.Contains(" "+term+" ", "  ") {
		return
	}
	u := c.terms[size][term]
	if u == nil {
		u = &use{by: map[string]bool{}}
		c.terms[size][term] = u
	}
	if n := len(u.posts); n == 0 || u.posts[n-1] != post {
		u.posts = append(u.posts, post)
		if author == "" || !u.by[author] {
			u.authors++
			c.total[size]++
		}
		u.by[author] = true
	}
}

// split gives the words of a text, lower case; "" stands where a text breaks
// off, so that no pair goes over it. Addresses, @names and numbers are no words.
func split(text string) (words []string) {
	for _, f := range strings.Fields(strings.ToLower(text)) {
		if strings.ContainsAny(f, "@＠") || strings.Contains(f, "://") || strings.HasPrefix(f, "www.") || account(f) {
			words = append(words, "")
			continue
		}
		for len(f) > 0 {
			start := strings.IndexFunc(f, sayable)
			if start < 0 {
				words = append(words, "")
				break
			}
			if strings.ContainsFunc(f[:start], func(r rune) bool { return r != '#' }) {
				words = append(words, "")
			}
			f = f[start:]
			end := strings.IndexFunc(f, func(r rune) bool { return !sayable(r) && r != '\'' && r != '’' && r != '-' })
			if end < 0 {
				end = len(f)
			}
			w := strings.Trim(f[:end], "'’-")
			if !strings.ContainsFunc(w, unicode.IsLetter) || strings.Contains(f, ".") && strings.ContainsFunc(f[end:], unicode.IsLetter) {
				w = "" // a number, or a site's name
			}
			words, f = append(words, w), f[end:]
			if w == "" {
				break
			}
		}
	}
	return slices.Compact(words)
}

// account tells whether a field has the name of an account without an @: u/name
// and did:plc:name, also in brackets and behind a sign.
func account(f string) bool {
	for _, mark := range []string{"u/", "user/", "did:"} {
		if i := strings.Index(f, mark); i >= 0 {
			if before, _ := utf8.DecodeLastRuneInString(f[:i]); i == 0 || !sayable(before) {
				return true
			}
		}
	}
	return false
}

func sayable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
