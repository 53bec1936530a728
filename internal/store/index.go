package store

import (
	"context"
	"fmt"
)

// indexStage is the bookmark of the search index, and indexVersion how texts
// become words: another one makes the index again from the start.
const indexStage, indexVersion = "index", "unicode61@1"

// Index adds the words of the next posts, at most limit, to the search index
// and moves the stage's bookmark with them. It returns how many posts it
// passed; 0 means there was nothing to do. A few thousand at a time keep other
// writers waiting for less than a tenth of a second.
func (s *Store) Index(ctx context.Context, limit int) (posts int, err error) {
	err = s.inTx(ctx, "index", func(t *tx) error {
		posts = 0
		through, err := indexed(t)
		if err != nil {
			return err
		}
		var last int64
		if err := t.one(`SELECT count(*), coalesce(max(id), 0) FROM (SELECT id FROM post WHERE id > ? ORDER BY id LIMIT ?)`,
			[]any{through, limit}, &posts, &last); err != nil || posts == 0 {
			return err
		}
		if _, err := t.exec(`INSERT INTO search (rowid, text) SELECT p.id, s.text FROM post p CROSS JOIN said s ON s.id = p.said
			WHERE p.id > ? AND p.id <= ? ORDER BY p.id`, through, last); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE stage SET through = ? WHERE name = ?`, last, indexStage)
		return err
	})
	return posts, err
}

// indexed gives the last position whose words are in the index, and begins the
// index when it is new or made in another way.
func indexed(t *tx) (through int64, err error) {
	var version string
	known, err := t.find(`SELECT through, version FROM stage WHERE name = ?`, []any{indexStage}, &through, &version)
	if err != nil || known && version == indexVersion {
		return through, err
	}
	if known {
		if _, err := t.exec(`INSERT INTO search (search) VALUES ('delete-all')`); err != nil {
			return 0, err
		}
	}
	_, err = t.exec(`INSERT INTO stage (name, through, version) VALUES (?, 0, ?)
		ON CONFLICT (name) DO UPDATE SET through = 0, version = excluded.version`, indexStage, indexVersion)
	return 0, err
}

// unindex takes posts out of the index. Nothing finds them there from the
// commit on; their words leave its pages with the next [Store.sweep].
func unindex(t *tx, where string, args []any) error {
	n, err := t.exec(`DELETE FROM search WHERE rowid IN (SELECT id FROM post WHERE `+where+` AND said IS NOT NULL
		AND id <= (SELECT through FROM stage WHERE name = 'index'))`, args...)
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec(`INSERT INTO fact (name, value) VALUES ('unswept', CAST(? AS BLOB))
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + excluded.value AS BLOB)`, n)
	return err
}

// sweepPages is how much one transaction of a sweep merges, in pages of the
// index: some 20 ms.
const sweepPages = 1000

// sweep merges the index's segments into one, a little at a time, when posts
// were taken out of it: what is merged is written anew without their words,
// and the pages that held them are cleared. Posts taken out meanwhile are left
// to the next sweep.
func (s *Store) sweep(ctx context.Context) error {
	unswept, err := s.unswept(ctx)
	if err != nil || unswept == "" {
		return err
	}
	more, pages := true, -sweepPages // negative: all segments, not only where there are many
	for more {
		err := s.inTx(ctx, "sweep the search index", func(t *tx) (err error) {
			more, err = merge(t, pages)
			return err
		})
		if err != nil {
			return err
		}
		pages = sweepPages
	}
	return s.inTx(ctx, "sweep the search index", func(t *tx) error {
		_, err := t.exec(`DELETE FROM fact WHERE name = 'unswept' AND CAST(value AS TEXT) = ?`, unswept)
		return err
	})
}

// unswept is how many posts were taken out since the last sweep; "" is none.
func (s *Store) unswept(ctx context.Context) (n string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT CAST(value AS TEXT) FROM fact WHERE name = 'unswept'), '')`).Scan(&n)
	if err != nil {
		return "", s.failed("sweep the search index", err)
	}
	return n, nil
}

// merge does some merging; more is false when there was nothing left. SQLite
// tells by how many rows change: one row means no work.
func merge(t *tx, pages int) (more bool, err error) {
	var before, after int64
	if err := t.one(`SELECT total_changes()`, nil, &before); err != nil {
		return false, err
	}
	if _, err := t.exec(`INSERT INTO search (search, rank) VALUES ('merge', ?)`, pages); err != nil {
		return false, fmt.Errorf("merge: %w", err)
	}
	err = t.one(`SELECT total_changes()`, nil, &after)
	return after-before >= 2, err
}
