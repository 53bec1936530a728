package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// undo takes a store back to the layout before search, retention and the
// deletions' log.
func undo(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{`DROP TABLE search`, `DROP INDEX post_source_at`, `DROP INDEX post_hidden`, `DROP TABLE blank`,
		`DROP TABLE shipment`, `DROP TABLE sent`, `DROP TABLE stale`, `DROP TABLE receiver`,
		`DROP TABLE unheard`, `DROP TABLE finding`, `DROP TABLE spoke`, `CREATE INDEX post_at ON post (at)`, `DROP TABLE voice`, `ALTER TABLE stage DROP COLUMN shown`, `ALTER TABLE stage DROP COLUMN until`,
		`DELETE FROM goose_db_version WHERE version_id > 1`, `DELETE FROM stage WHERE name = 'index'`, `DELETE FROM fact WHERE name <> 'key_check'`} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	remove(t, filepath.Join(dir, "deletions.log"))
}

func TestFirstLayoutIsUpgraded(t *testing.T) {
	dir := closed(t)
	undo(t, dir)
	s := open(t, dir)
	indexAll(t, s)
	a := add(t, s, store.Intake{Mentions: some(s, 0, 301, noon), Gone: []mention.Gone{{Native: "300"}}})
	if a.Known != 300 || a.New != 1 || a.Erased != 1 {
		t.Errorf("got %+v, want 300 known and one new, erased", a)
	}
	if a := add(t, s, store.Intake{Gone: []mention.Gone{{Author: s.AuthorKey("net", "author7")}}}); a.Erased != 1 {
		t.Errorf("got %+v, want an author of before found", a)
	}
	if ms, err := s.Search(t.Context(), store.SearchQuery{Text: "telephone", Limit: 999}); len(ms) != 299 || err != nil {
		t.Errorf("found %d, want 299; error %v", len(ms), err)
	}
	if got, _ := restore(t, backup(t, s), ""); shown(t, got) != shown(t, s) {
		t.Error("a backup holds something else")
	}
}
