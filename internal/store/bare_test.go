package store_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"confianza/internal/mention"
)

// bare is the least that keeping mentions can cost: one table in a database set
// up as the store's own, no index but the row's number, one prepared statement
// a row, one transaction a batch.
type bare struct{ db *sql.DB }

func openBare(b testing.TB) bare {
	b.Helper()
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(ON)",
		"cache_size(-16000)", "temp_store(MEMORY)", "wal_autocheckpoint(8000)"}}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?"+q.Encode())
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	if _, err := db.Exec(`CREATE TABLE bare (id INTEGER PRIMARY KEY, key BLOB, source INTEGER, revision TEXT, author BLOB, native TEXT,
		url TEXT, text TEXT, declared TEXT, at INTEGER, seen INTEGER, form INTEGER, followers INTEGER, visibility INTEGER, brand INTEGER,
		kind INTEGER) STRICT`); err != nil {
		b.Fatal(err)
	}
	return bare{db}
}

func (d bare) add(b testing.TB, ms []mention.Mention) {
	t, err := d.db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer t.Rollback() // does nothing after the commit
	insert, err := t.Prepare(`INSERT INTO bare (key, source, revision, author, native, url, text, declared, at, seen, form, followers,
		visibility, brand, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	for i := range ms {
		m := &ms[i]
		if _, err := insert.Exec(m.Author[:], int64(1), m.Revision, m.Author[:], m.Native, m.URL, m.Text, m.Declared, m.At.UnixMilli(),
			m.Seen.UnixMilli(), int64(1), int64(m.Followers), int64(0), int64(1), int64(1)); err != nil {
			b.Fatal(err)
		}
	}
	if err := t.Commit(); err != nil {
		b.Fatal(err)
	}
}
