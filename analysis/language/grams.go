package language

// buckets is how many rows the weights have. Pieces that fall on the same row
// share it.
const (
	bucketBits = 15
	buckets    = 1 << bucketBits
)

// longest is the length of a word's longest pieces, in letters, edges
// included.
const longest = 4

// grams calls each with the row of every feature of a word: its pieces of one
// to four letters, and the word itself.
func grams(word []rune, each func(row uint32)) {
	whole := uint32(2166136261)
	for from := range word {
		h := uint32(2166136261)
		for n, r := range word[from:min(from+longest, len(word))] {
			h = (h ^ uint32(r)) * 16777619
			if n > 0 || r != ' ' {
				each(row(h + uint32(n)))
			}
		}
		whole = (whole ^ uint32(word[from])) * 16777619
	}
	each(row(whole ^ 0x5bd1e995))
}

// row spreads a hash (FNV-1a) over the rows.
func row(h uint32) uint32 {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	return h * 0x297a2d39 >> (32 - bucketBits)
}
