//go:build peers

package peers

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// stored is what a stopped binary left behind, read with bare SQL so that the
// store does not vouch for itself.
type stored struct {
	t  *testing.T
	db *sql.DB
}

func (b *binary) stored() *stored {
	b.t.Helper()
	at := url.URL{Scheme: "file", Path: filepath.Join(b.data, "confianza.db"), RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { db.Close() })
	s := &stored{b.t, db}
	if got := s.strings(`PRAGMA integrity_check`); len(got) != 1 || got[0] != "ok" {
		b.t.Errorf("SQLite finds %q", got)
	}
	return s
}

// number is the answer to a question for one.
func (s *stored) number(query string) (n int) {
	s.t.Helper()
	if err := s.db.QueryRow(query).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// strings is the first column.
func (s *stored) strings(query string) (all []string) {
	s.t.Helper()
	rows, err := s.db.Query(query)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			s.t.Fatalf("%s: %v", query, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return all
}

// The texts that may be shown, and every way of counting mentions: they agree,
// or something was lost or counted twice.
const (
	shownTexts = `SELECT s.text FROM post p JOIN said s ON s.id = p.said WHERE p.visibility = 0 ORDER BY s.text`
	inRollups  = `SELECT coalesce(sum(total), 0) FROM rollup`
)

var counts = map[string]string{
	"posts":           `SELECT count(*) FROM post`,
	"mentions":        `SELECT count(*) FROM mention`,
	"scored posts":    `SELECT count(*) FROM post WHERE scorer IS NOT NULL`,
	"in the rollups":  inRollups,
	"in the counters": `SELECT coalesce(sum(total), 0) FROM counted`,
}

// counted checks that everything counts to n.
func (s *stored) counted(n int) {
	s.t.Helper()
	for what, query := range counts {
		if got := s.number(query); got != n {
			s.t.Errorf("%s: %d, want %d", what, got, n)
		}
	}
}

// rolled is what the rollups hold for a language and polarity.
func (s *stored) rolled(language, polarity string) int {
	s.t.Helper()
	return s.number(fmt.Sprintf(`SELECT coalesce(sum(total), 0) FROM rollup JOIN series ON series.id = rollup.series
		JOIN word l ON l.id = language JOIN word p ON p.id = polarity WHERE l.text = '%s' AND p.text = '%s'`, language, polarity))
}

// traces tells in which files of the data folder something can still be read.
func (b *binary) traces(of string) (files []string) {
	b.t.Helper()
	err := filepath.WalkDir(b.data, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(of)) {
			files = append(files, d.Name())
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return files
}
