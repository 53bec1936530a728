package store

import (
	"context"
	"fmt"
	"time"
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
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(CAST(value AS TEXT) AS INTEGER) + ? AS BLOB)`, n, n)
	return err
}

// A transaction of a sweep merges sweepPages pages of the index, some 20 ms. A
// sweep writes the whole index anew, some 3 s a million posts, so Prune does
// it once in sweepEvery only.
const (
	sweepPages = 1000
	sweepEvery = 24 * time.Hour
)

// sweep merges the index's segments into one, a little at a time, when posts
// were taken out of it: what is merged is written anew without their words,
// and the pages that held them are cleared. Posts taken out meanwhile are left
// to the next sweep.
func (s *Store) sweep(ctx context.Context) error {
	unswept, err := s.fact(ctx, "unswept")
	if err != nil || unswept == 0 {
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
		if _, err := t.exec(`DELETE FROM fact WHERE name = 'unswept' AND CAST(CAST(value AS TEXT) AS INTEGER) = ?`, unswept); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO fact (name, value) VALUES ('swept', CAST(? AS BLOB))
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, s.now().UnixMilli())
		return err
	})
}

// sweepDue tells whether the last sweep is long ago, by a clock that may have
// jumped back.
func (s *Store) sweepDue(ctx context.Context) (bool, error) {
	swept, err := s.fact(ctx, "swept")
	return s.now().Sub(time.UnixMilli(swept)).Abs() >= sweepEvery, err
}

// fact reads a number; 0 when it was never noted.
func (s *Store) fact(ctx context.Context, name string) (n int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM fact WHERE name = ?), 0)`, name).Scan(&n)
	if err != nil {
		return 0, s.failed("read "+name, err)
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
