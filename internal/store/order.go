package store

import (
	"encoding/binary"
	"strconv"
	"strings"

	"confianza/internal/mention"
)

// inOrder puts before a post's key, in the place of its first four bytes, the
// coarse time at which its source gave out its id, when the id tells: posts of
// one time then lie together in the index of keys, and storing new ones changes
// few of its pages. The other twelve bytes are the keyed hash. The row that
// keeps the key has the post's time to the millisecond anyway.
func inOrder(k *mention.Key, native string) {
	id := native[strings.LastIndexByte(native, '/')+1:]
	if n, ok := tid(id); ok {
		binary.BigEndian.PutUint32(k[:], n)
	} else if n, ok := snowflake(id); ok {
		binary.BigEndian.PutUint32(k[:], n)
	}
}

// tid reads the first 25 of 65 bits of a record key of AT Protocol: some 18
// minutes. See https://atproto.com/specs/tid.
func tid(id string) (n uint32, ok bool) {
	if len(id) != 13 {
		return 0, false
	}
	for i := range 5 {
		d := strings.IndexByte("234567abcdefghijklmnopqrstuvwxyz", id[i])
		if d < 0 {
			return 0, false
		}
		n = n<<5 | uint32(d)
	}
	return n, true
}

// snowflake cuts eleven digits off an id of Twitter or Mastodon, which hold
// milliseconds times 2²² and 2¹⁶: half a minute and half an hour.
func snowflake(id string) (uint32, bool) {
	if len(id) < 17 || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(id[:len(id)-11], 10, 32)
	return uint32(n), err == nil
}
