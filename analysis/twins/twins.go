// Package twins finds texts that are nearly the same.
//
// Two texts are twins when the sets of their words overlap by 0.6 or more
// (Jaccard 1912: shared words over all words). Case, accounts, addresses and
// punctuation do not count. It compares all pairs exactly, without comparing
// each: see [Index].
package twins

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Alike is the overlap from which two texts are twins.
const Alike = 0.6

// Index holds texts to be compared with. It uses the prefix filter of Bayardo,
// Ma and Srikant, "Scaling Up All Pairs Similarity Search" (2007): twins share
// one of their rarest words, so only these need be looked up. It is for
// reading only once made.
type Index struct {
	rank map[string]int32 // how rare a word is among the texts: 0 is the rarest
	sets [][]int32        // of each text: its words' ranks, rarest first
	with map[int32][]int32
}

// New makes an index of texts.
func New(texts []string) *Index {
	words := make([][]string, len(texts))
	count := map[string]int{}
	for i, t := range texts {
		words[i] = split(t)
		for _, w := range words[i] {
			count[w]++
		}
	}
	order := make([]string, 0, len(count))
	for w := range count {
		order = append(order, w)
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(count[a]-count[b], strings.Compare(a, b)) })
	x := &Index{rank: make(map[string]int32, len(order)), with: map[int32][]int32{}}
	for i, w := range order {
		x.rank[w] = int32(i)
	}
	for i, ws := range words {
		set := make([]int32, len(ws))
		for j, w := range ws {
			set[j] = x.rank[w]
		}
		slices.Sort(set)
		x.sets = append(x.sets, set)
		for _, w := range set[:prefix(len(set))] {
			x.with[w] = append(x.with[w], int32(i))
		}
	}
	return x
}

// prefix is how many of a text's rarest words twins cannot all lack.
func prefix(words int) int {
	if words == 0 {
		return 0
	}
	return words - int(math.Ceil(Alike*float64(words)-1e-9)) + 1
}

// Of gives the positions of the texts that are twins of text, in order.
func (x *Index) Of(text string) []int {
	words := split(text)
	set := make([]int32, 0, len(words))
	for _, w := range words {
		if r, ok := x.rank[w]; ok {
			set = append(set, r)
		}
	}
	slices.Sort(set)
	// Words that no text here has are rarer than all others: they come first in the prefix.
	looked := prefix(len(words)) - (len(words) - len(set))
	if looked <= 0 {
		return nil
	}
	var candidates []int32
	for _, w := range set[:looked] {
		candidates = append(candidates, x.with[w]...)
	}
	slices.Sort(candidates)
	var found []int
	for _, i := range slices.Compact(candidates) {
		if other := x.sets[i]; overlap(set, other, len(words)) {
			found = append(found, int(i))
		}
	}
	return found
}

// overlap tells whether b and a set of size words, of which a are those that
// can be shared, are twins.
func overlap(a, b []int32, size int) bool {
	if float64(min(size, len(b))) < Alike*float64(max(size, len(b))) {
		return false
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			shared, i, j = shared+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(shared) >= Alike*float64(size+len(b)-shared)-1e-9
}

// split gives the distinct words of a text.
func split(text string) []string {
	var words []string
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		if w[0] == '@' || strings.HasPrefix(w, "http") {
			continue
		}
		for part := range strings.FieldsFuncSeq(w, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
		}) {
			words = append(words, part)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
