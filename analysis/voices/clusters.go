package voices

import (
	"hash/fnv"
	"strings"
	"unicode"
)

const (
	// hashes is how many a text's signature has; bands of rows of them must be
	// equal for two texts to be compared. Texts that share half of their words meet
	// in one of 24 bands of 3 in 96 cases of 100.
	hashes, rows = 72, 3
	// nearly is the share of equal hashes, which estimates the Jaccard similarity of
	// the words, from which two texts are nearly the same. Pairs of words would tell
	// texts apart more sharply, and miss half of the copies in which one word of ten
	// is exchanged.
	nearly = 32.0 / hashes
	// mostStanding are the texts that stand for a cluster: copies of a text differ
	// more from each other than from it.
	mostStanding = 4
	// shortest is of how many words a text must be to be anybody's: "thank you" is
	// not copied.
	shortest = 5
)

// Clusters gives each text the number of those that are nearly the same, by
// MinHash with banding (Broder 1997; Leskovec, Rajaraman and Ullman 2014,
// section 3.4). A text is compared with a few that stand for each cluster it
// may belong to, so that the cost grows with the number of texts, however many
// are copies.
func Clusters(texts []string) []int {
	var (
		of    = make([]int, len(texts))
		known = standing{meet: map[uint64][]int{}}
		same  = map[string]int{} // words that were seen before
		stand = map[int]int{}    // how many stand for a cluster
		count int
	)
	for i, t := range texts {
		words := split(t)
		if len(words) < shortest {
			of[i], count = count, count+1
			continue
		}
		key := strings.Join(words, " ")
		if c, seen := same[key]; seen {
			of[i] = c
			continue
		}
		signature := sign(words)
		c := known.find(signature)
		if c < 0 {
			c, count = count, count+1
		}
		if stand[c] < mostStanding {
			stand[c]++
			known.add(signature, c)
		}
		of[i], same[key] = c, c
	}
	return of
}

// standing are the texts that stand for clusters.
type standing struct {
	signatures [][hashes]uint32
	cluster    []int
	meet       map[uint64][]int // by band and its hashes
}

func (k *standing) add(s [hashes]uint32, cluster int) {
	for band := range hashes / rows {
		at := bucket(&s, band)
		k.meet[at] = append(k.meet[at], len(k.signatures))
	}
	k.signatures, k.cluster = append(k.signatures, s), append(k.cluster, cluster)
}

// find gives the cluster a signature belongs to, or -1.
func (k *standing) find(s [hashes]uint32) int {
	best, most := -1, int(nearly*hashes)-1
	for band := range hashes / rows {
		for _, i := range k.meet[bucket(&s, band)] {
			if n := equal(&s, &k.signatures[i]); n > most {
				best, most = k.cluster[i], n
			}
		}
	}
	return best
}

func equal(a, b *[hashes]uint32) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

func bucket(s *[hashes]uint32, band int) uint64 {
	k := uint64(band) + 1
	for _, h := range s[band*rows : band*rows+rows] {
		k = mix(k ^ uint64(h))
	}
	return k
}

// sign is the MinHash of a text's words.
func sign(words []string) (s [hashes]uint32) {
	for i := range s {
		s[i] = ^uint32(0)
	}
	for _, w := range words {
		h := hash(w)
		for j := range s {
			h = mix(h + 0x9e3779b97f4a7c15)
			s[j] = min(s[j], uint32(h))
		}
	}
	return s
}

func hash(word string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(word))
	return h.Sum64()
}

// mix is the finaliser of MurmurHash3.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// split gives the words of a text without what is easily varied: case,
// accounts, addresses, numbers and signs.
func split(text string) (words []string) {
	for _, f := range strings.Fields(strings.ToLower(text)) {
		if strings.ContainsAny(f, "@＠") || strings.Contains(f, "://") {
			continue
		}
		words = append(words, strings.FieldsFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })...)
	}
	return words
}
