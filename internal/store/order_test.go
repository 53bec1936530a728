package store

import (
	"testing"

	"confianza/internal/mention"
)

// Five digits of base 32, 3 l x y z, are 1, 17, 29, 30 and 31; a snowflake loses
// its last eleven digits.
func TestKeysBeginWithTheirTime(t *testing.T) {
	for _, tt := range []struct {
		name, native string
		want         uint32
		ok           bool
	}{
		{"a record key", "did:plc:abc/3lxyzaaaaaaaa", 1<<20 | 17<<15 | 29<<10 | 30<<5 | 31, true},
		{"a tweet", "1997654321098765432", 19976543, true},
		{"a status of Mastodon", "115612345678901234", 1156123, true},
		{"too short for a snowflake", "1997654321098765", 0, false},
		{"too long for one", "199765432109876543210", 0, false},
		{"not only digits", "19976543210987654x2", 0, false},
		{"another alphabet", "did:plc:abc/1lxyzaaaaaaaa", 0, false},
		{"an address", "https://news.example/3lxyzaaaaaaaab", 0, false},
		{"nothing", "", 0, false},
	} {
		k := mention.Key{0xff, 0xff, 0xff, 0xff, 5: 7}
		inOrder(&k, tt.native)
		want := mention.Key{0xff, 0xff, 0xff, 0xff, 5: 7}
		if tt.ok {
			want = mention.Key{byte(tt.want >> 24), byte(tt.want >> 16), byte(tt.want >> 8), byte(tt.want), 5: 7}
		}
		if k != want {
			t.Errorf("%s: got %x, want %x", tt.name, k, want)
		}
	}
}

// A store made before keys were in order finds its posts under the old ones.
func TestOldKeysStayAsTheyWere(t *testing.T) {
	const native = "did:plc:abc/3lxyzaaaaaaaa"
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	fresh := string(s.postKey("net", native))
	if _, err := s.write.Exec(`DELETE FROM fact WHERE name = 'key_order'`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	old := string(s.postKey("net", native))
	if hash := s.key.sum("post/net", native); old != string(hash[:]) || old == fresh || old[4:] != fresh[4:] {
		t.Errorf("got %x, %x in a new store", old, fresh)
	}
}
