package features

// table keeps something of hashed words. Nearly all that is looked up is not
// there, which one look at a bit tells. It is made with its map.
type table[V any] struct {
	maybe [1024]uint64
	of    map[uint64]V
}

func newTable[V any]() *table[V] { return &table[V]{of: map[uint64]V{}} }

func (t *table[V]) put(h uint64, v V) {
	t.of[h] = v
	t.maybe[h>>54] |= 1 << (h >> 48 & 63)
}

func (t *table[V]) get(h uint64) (v V, ok bool) {
	if t.maybe[h>>54]>>(h>>48&63)&1 == 0 {
		return v, false
	}
	v, ok = t.of[h]
	return v, ok
}
