package match

import (
	"bytes"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters folds Latin, Greek and Cyrillic letters outside ASCII; built once from
// Unicode's own decompositions and the letters that have none.
var letters = sync.OnceValue(func() *[lettersEnd]string {
	whole := map[rune]string{'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
		'đ': "d", 'Đ': "d", 'ı': "i", 'İ': "i", 'þ': "th", 'Þ': "th", 'ð': "d", 'Ð': "d",
		'ς': "σ", '´': "'"}
	t := map[rune]string{}
	for _, span := range [][2]rune{{0xC0, 0x24F}, {0x370, 0x3FF}, {0x400, 0x481}, {0x48A, 0x52F}, {0x1E00, 0x1FFF}} {
		for r := span[0]; r <= span[1]; r++ {
			if s, ok := whole[r]; ok {
				t[r] = s
				continue
			}
			var folded []byte
			for _, d := range norm.NFD.String(string(r)) { // ǿ is an ø and an accent, and ø an o
				if s, ok := whole[d]; ok {
					folded = append(folded, s...)
				} else if !unicode.Is(unicode.Mn, d) {
					folded = utf8.AppendRune(folded, unicode.ToLower(d))
				}
			}
			t[r] = string(folded)
		}
	}
	var dense [lettersEnd]string // a table, not a map: most letters of the world's posts are asked for here
	for r, folded := range t {
		dense[r] = folded
	}
	return &dense
})

// lettersEnd is after the last letter that letters may fold.
const lettersEnd = 0x2000

// Fold appends text to dst as the door reads it: lower case, without
// diacritics or invisible characters, full-width forms and typographic
// apostrophes, quotation marks and hyphens as ASCII, &amp; as the sign it stands
// for (exports of posts often have it so), any run of white space as one space.
func Fold(dst, text []byte) []byte {
	dst, _ = fold(dst, nil, text, false)
	return dst
}

// fold also gives, when wanted, the offset in text of each folded byte.
func fold(dst []byte, at []int, text []byte, offsets bool) ([]byte, []int) {
	dst = slices.Grow(dst, len(text))
	for i := 0; i < len(text); {
		start, had := i, len(dst)
		if c := text[i]; c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z':
				dst = append(dst, c)
			case 'A' <= c && c <= 'Z':
				dst = append(dst, c+'a'-'A')
			case c == ' ' || '\t' <= c && c <= '\r':
				dst = space(dst)
			case c == '&' && bytes.HasPrefix(text[i:], amp):
				i += len(amp)
				dst = append(dst, c)
			default:
				dst = append(dst, c)
			}
		} else {
			r, size := utf8.DecodeRune(text[i:])
			i += size
			dst = foldRune(dst, r)
		}
		for ; offsets && had < len(dst); had++ {
			at = append(at, start)
		}
	}
	return dst, at
}

var amp = []byte("amp;")

func space(dst []byte) []byte {
	if n := len(dst); n > 0 && dst[n-1] == ' ' {
		return dst
	}
	return append(dst, ' ')
}

func foldRune(dst []byte, r rune) []byte {
	if r < lettersEnd {
		if s := letters()[r]; s != "" {
			return append(dst, s...)
		}
	}
	switch {
	case 0x300 <= r && r <= 0x36F, r == 0xAD, 0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E,
		0x2060 <= r && r <= 0x2069, r == 0xFEFF, r == 0xFE0F:
		return dst
	case 0xFF01 <= r && r <= 0xFF5E:
		return Fold(dst, []byte{byte(r - 0xFEE0)})
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
		return append(dst, '\'')
	case r == '“' || r == '”' || r == '„':
		return append(dst, '"')
	case r == '‐' || r == '‑' || r == '–':
		return append(dst, '-')
	case unicode.IsSpace(r):
		return space(dst)
	}
	if lower := unicode.ToLower(r); lower != r {
		return foldRune(dst, lower) // the Ångström sign is an å, which is an a
	}
	return utf8.AppendRune(dst, r)
}
