package learning

import "slices"

// index numbers features. It is a hash table of its own: a Go map of tens of
// millions of features takes several times the time and room.
type index struct {
	keys   []uint64
	counts []uint32
	ids    []uint32
	used   int
}

func newIndex() *index { return &index{keys: make([]uint64, 1<<20), counts: make([]uint32, 1<<20)} }

// slot finds where a feature is, or would be. 0 marks an empty slot; the one
// feature in 2⁶⁴ whose hash it is shares the slot of 1.
func (x *index) slot(f uint64) uint64 {
	mask := uint64(len(x.keys) - 1)
	f = max(f, 1)
	at := f & mask
	for x.keys[at] != 0 && x.keys[at] != f {
		at = (at + 1) & mask
	}
	return at
}

func (x *index) count(f uint64) {
	if 2*x.used > len(x.keys) {
		x.grow()
	}
	at := x.slot(f)
	if x.keys[at] == 0 {
		x.keys[at] = max(f, 1)
		x.used++
	}
	x.counts[at]++
}

func (x *index) grow() {
	old := *x
	x.keys, x.counts = make([]uint64, 2*len(old.keys)), make([]uint32, 2*len(old.keys))
	for i, k := range old.keys {
		if k != 0 {
			at := x.slot(k)
			x.keys[at], x.counts[at] = k, old.counts[i]
		}
	}
}

// keep numbers the features counted at least so often, the most frequent
// first, so that what is used together lies together; it gives them by number.
func (x *index) keep(least uint32) []uint64 {
	var at []uint32
	for i, n := range x.counts {
		if n >= least {
			at = append(at, uint32(i))
		}
	}
	slices.SortFunc(at, func(a, b uint32) int {
		if x.counts[a] != x.counts[b] {
			return int(x.counts[b]) - int(x.counts[a])
		}
		if x.keys[a] < x.keys[b] {
			return -1
		}
		return 1
	})
	x.ids = make([]uint32, len(x.keys))
	hashes := make([]uint64, len(at))
	for id, i := range at {
		x.ids[i] = uint32(id) + 1
		hashes[id] = x.keys[i]
	}
	return hashes
}

// id gives a kept feature's number.
func (x *index) id(f uint64) (uint32, bool) {
	id := x.ids[x.slot(f)]
	return id - 1, id > 0
}
