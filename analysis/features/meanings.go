package features

import (
	_ "embed"
	"strconv"
	"strings"
)

// meaning is what a word says: which line of the list it is on, from 1, and
// how that feels, -3 to 3.
type meaning struct {
	line uint16
	feel int8
}

//go:embed meanings.txt
var meaningsFile string

// meanings are the words of the list by language and form, stems apart from
// whole words. Words of one line share their features: what was learnt of it
// in one language holds in the others.
var meanings, stems = readMeanings(meaningsFile)

// told are the languages of the list, in the order of its columns. The one
// behind is of no language: emoji and emoticons.
var told = [...]string{"en", "es", "pt", "fr", "de", "it"}

// leastStem keeps a stem from being the beginning of everything, in bytes.
const leastStem = 3

func readMeanings(list string) (words, stems *table[meaning]) {
	words, stems = newTable[meaning](), newTable[meaning]()
	line := uint16(0)
	for row := range strings.Lines(list) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		line++
		columns := strings.Split(strings.TrimSpace(row), "|")
		feel, _ := strconv.Atoi(columns[0])
		for i, column := range columns[1:] {
			l := tongue(0)
			if i < len(told) {
				l = tongueOf(told[i])
			}
			for w := range strings.FieldsSeq(column) {
				at := words
				if stem, ok := strings.CutSuffix(w, "*"); ok && l != 0 { // :* is a kiss
					w, at = stem, stems
				}
				at.put(hash([]byte(w))^uint64(l), meaning{line, int8(feel)})
			}
		}
	}
	return words, stems
}

// meaningOf finds what a word says: as it is, or else by its longest stem.
func meaningOf(form []byte, l tongue) (found meaning, ok bool) {
	h := uint64(offset64)
	for i, c := range form {
		h = (h ^ uint64(c)) * prime64
		if i+1 < leastStem {
			continue
		}
		if m, is := stems.get(h ^ uint64(l)); is {
			found, ok = m, true
		}
	}
	if m, is := meanings.get(h ^ uint64(l)); is {
		found, ok = m, true
	}
	return found, ok
}

// meanings appends the features of what a token means: its line, and how that
// feels.
func (r *Reader) meanings(t Token, l tongue, to []uint64) []uint64 {
	form := r.buf[t.start:t.end]
	switch t.Kind {
	case Tag:
		form = form[1:]
	case Word:
	case Emoji, Emoticon:
		m, ok := meanings.get(t.Hash)
		if !ok {
			return to
		}
		return append(to, mix(meant+uint64(m.line)<<1), mix(shown+uint64(m.feel+3)))
	default:
		return to
	}
	m, ok := meaningOf(form, l)
	if !ok {
		return to
	}
	turned := uint64(0)
	if t.Negated {
		turned = 1
	}
	return append(to, mix(meant+uint64(m.line)<<1+turned), mix(felt+uint64(m.feel+3)<<1+turned))
}
