// Package drivers tells what talk is about that was not talked about before:
// the words and pairs of words that a window has more of than chance allows.
//
// Words are compared by their log-odds with an informative Dirichlet prior
// (Monroe, Colaresi and Quinn 2008, "Fightin' Words", section 3.3.3), which
// neither rare words nor usual ones pass: a word that everybody always uses is
// in the prior, and one that somebody used once proves nothing. Each author
// counts once for each word, so that who shouts does not weigh more, and no
// @name or address is a word: what comes out points at nobody.
package drivers

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Post is what one author said.
type Post struct {
	Author string // any key that tells authors apart; "" is an author of its own
	Text   string
}

// Driver is a word, or some that follow each other.
type Driver struct {
	Words string  // lower case, as written otherwise; five at most
	N     int     // authors who used it in the window
	Z     float64 // how sure it is that the window has more of it: standard deviations
	Posts []int   // in the window's order
}

// Talk is what is compared. The prior is Window, Before and Past together.
type Talk struct {
	Window []Post   // the time in question
	Before []Post   // the days before it
	Past   []Post   // more of what is usual
	Leave  []string // words that say nothing here, such as the brand's names
}

const (
	// weight is the prior's, in authors (α0).
	weight = 500
	// fewest authors make a driver, this sure at least.
	fewest, surest = 3, 3.0
	// mostOf is how many of a driver's authors must have a pair of words for it to be
	// part of what it is called.
	mostOf = 0.8
	// longestPhrase is in words.
	longestPhrase = 5
	// alike is how much of the smaller of two drivers' authors both must have for
	// them to be one.
	alike = 0.6
)

// Find gives the drivers of a window, the surest first, at most so many.
func Find(t Talk, most int) []Driver {
	leave := map[string]bool{}
	for _, l := range t.Leave {
		for _, w := range split(l) {
			leave[w] = true
		}
	}
	window, before, past := count(t.Window, leave), count(t.Before, leave), count(t.Past, leave)
	var found []Driver
	for size := range window.terms {
		for term, use := range window.terms[size] {
			if use.authors < fewest {
				continue
			}
			y, n := float64(use.authors), float64(window.total[size])
			before1, m := float64(before.of(size, term)), float64(before.total[size])
			all := n + m + float64(past.total[size])
			prior := weight * (y + before1 + float64(past.of(size, term))) / all
			if z := logOdds(y, n, before1, m, prior); z >= surest {
				found = append(found, Driver{Words: term, N: use.authors, Z: z, Posts: use.posts})
			}
		}
	}
	slices.SortFunc(found, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(b.Z, a.Z), cmp.Compare(b.N, a.N), strings.Compare(a.Words, b.Words))
	})
	return collapse(found, most)
}

// logOdds is the difference of the log-odds of a term, y of n against x of m,
// with prior of weight, in its standard deviations.
func logOdds(y, n, x, m, prior float64) float64 {
	odds := func(k, of float64) float64 { return math.Log((k + prior) / (of + weight - k - prior)) }
	return (odds(y, n) - odds(x, m)) / math.Sqrt(1/(y+prior)+1/(x+prior))
}

// collapse leaves one of drivers that are about the same posts: the surest, in
// the longest words that they make together.
func collapse(found []Driver, most int) (kept []Driver) {
	var pairs [][]string // of each that is kept: the pairs of words it stands for
	for _, d := range found {
		at := slices.IndexFunc(kept, func(k Driver) bool { return overlap(k, d) })
		if at < 0 {
			at = len(kept)
			kept, pairs = append(kept, d), append(pairs, nil)
		}
		if strings.Contains(d.Words, " ") && float64(d.N) > mostOf*float64(kept[at].N) {
			pairs[at] = append(pairs[at], d.Words)
		}
	}
	kept = kept[:min(most, len(kept))]
	for i := range kept {
		if p := phrase(pairs[i]); p != "" {
			kept[i].Words = p
		}
	}
	return kept
}

// phrase is the longest row of words that pairs make, of which each begins with
// the word that the one before ends with; "" without pairs.
func phrase(pairs []string) (longest string) {
	for _, begin := range pairs {
		words := strings.Fields(begin)
		for len(words) < longestPhrase {
			next := slices.IndexFunc(pairs, func(p string) bool {
				first, second, _ := strings.Cut(p, " ")
				return first == words[len(words)-1] && !slices.Contains(words, second)
			})
			if next < 0 {
				break
			}
			_, second, _ := strings.Cut(pairs[next], " ")
			words = append(words, second)
		}
		if len(words) > len(strings.Fields(longest)) {
			longest = strings.Join(words, " ")
		}
	}
	return longest
}

// overlap tells whether two drivers are about the same posts.
func overlap(a, b Driver) bool {
	both := 0
	for i, j := 0, 0; i < len(a.Posts) && j < len(b.Posts); {
		switch c := cmp.Compare(a.Posts[i], b.Posts[j]); {
		case c == 0:
			both, i, j = both+1, i+1, j+1
		case c < 0:
			i++
		default:
			j++
		}
	}
	return float64(both) >= alike*float64(min(len(a.Posts), len(b.Posts)))
}
