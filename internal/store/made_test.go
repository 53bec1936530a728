package store_test

import (
	"encoding/binary"
	"hash/fnv"
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// maker makes up mentions such as a network of microblogs has: ids that tell
// their time, addresses made of them, authors of whom some write often. The
// same number gives the same mention, but for the keys of another store.
type maker struct {
	store  *store.Store
	every  time.Duration // between two mentions
	random bool          // ids that tell nothing
}

const alphabet = "234567abcdefghijklmnopqrstuvwxyz"

// made gives n mentions from number first on: texts of 82 bytes on average, ids
// and addresses together of 160.
func (k maker) made(first, n int) []mention.Mention {
	ms := make([]mention.Mention, n)
	for i := range ms {
		dice := k.dice(first + i)
		at := noon.Add(time.Duration(first+i) * k.every).Add(time.Duration(dice % uint64(time.Second)))
		did := "did:plc:" + letters(uint64(author(dice))*0x9e3779b97f4a7c15, 24)
		id := letters(uint64(at.UnixMicro())<<9|dice>>55, 13) // 65 bits, of which the first is 0
		if k.random {
			id = letters(dice*0x9e3779b97f4a7c15, 13)
		}
		ms[i] = mention.Mention{Source: "net", Native: did + "/" + id, Revision: letters(uint64(at.UnixMicro())<<9, 13),
			URL:    "https://bsky.app/profile/" + did + "/post/" + id,
			Author: k.store.AuthorKey("net", did), Declared: "en", At: at.Truncate(time.Millisecond), Seen: at.Add(time.Second).Truncate(time.Millisecond),
			Form: "post", Text: text(dice), Brands: []string{[]string{"Acme", "Zeta"}[dice>>20%2]}}
	}
	return ms
}

func (k maker) dice(n int) uint64 {
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64([]byte("made up"), uint64(n)))
	d := h.Sum64() // FNV leaves the first bits of close numbers alike
	d ^= d >> 29
	return d * 0xbf58476d1ce4e5b9
}

// author is one of 1,000 who write a third of all, or of a million others.
func author(dice uint64) int {
	if dice>>40%3 == 0 {
		return int(dice >> 10 % 1000)
	}
	return 1000 + int(dice>>10%1_000_000)
}

// letters writes the first bits of n, and the same ones again, in an alphabet
// that sorts as they do.
func letters(n uint64, size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = alphabet[n>>59]
		n = n<<5 | n>>59
	}
	return string(b)
}

// text is a sentence of five to twenty words, of 2,000 that are as frequent as
// words are.
func text(dice uint64) string {
	var b strings.Builder
	b.WriteString("Acme")
	for i := range 5 + dice>>33%16 {
		d := (dice*0x9e3779b97f4a7c15 + i*0x94d049bb133111eb) >> 32
		rank := d % 2000
		for range 2 { // products of fractions fall off as one over the rank does
			d = d*0x2545f4914f6cdd1d + 1
			rank = rank * (d >> 32 % 1000) / 1000
		}
		b.WriteByte(' ')
		b.WriteString(word(rank))
	}
	return b.String()
}

// word gives the word of a rank, 0 being the most frequent.
func word(rank uint64) string { return letters((rank+7)*0xd1342543de82ef95, 3+int(rank%5)) }
