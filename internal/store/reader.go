package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// snapshots is how many may be open at once; see [Reader.Snapshot].
const snapshots = 8

// Reader reads a store. Its methods are safe for concurrent use.
type Reader struct {
	path                 string
	read                 *sql.DB
	past                 *sql.DB // for snapshots, which may last: they keep nobody else waiting
	words                *words
	many, wide, patience int // see manyMatches, widePages, usualPatience
}

// OpenReader opens the store in folder dir for reading alone: beside the
// process that writes, which it never keeps waiting, or when there is none. It
// changes nothing, its layout neither: a store of an older one is an error, as
// is one of a newer. It wraps [fs.ErrNotExist] when there is no store.
func OpenReader(ctx context.Context, dir string) (*Reader, error) {
	path := filepath.Join(dir, databaseName)
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("store: nothing is kept there: %w", err)
	}
	if err := restored(dir); err != nil {
		return nil, err
	}
	r := &Reader{path: path, many: manyMatches, wide: widePages, patience: usualPatience}
	var err error
	if r.read, err = connectReading(path); err != nil {
		return nil, err
	}
	if r.past, err = connectReading(path); err != nil {
		return nil, err
	}
	r.past.SetMaxOpenConns(snapshots)
	if err = r.known(ctx); err == nil {
		r.words, err = loadWords(ctx, r.read)
	}
	if err != nil {
		r.Close()
		return nil, r.failed("open "+path, err)
	}
	r.words.elsewhere = true
	return r, nil
}

// known is an error when the store's layout is not the one this confianza
// writes.
func (s *Reader) known(ctx context.Context) error {
	p, err := layouts(s.read)
	if err != nil {
		return err
	}
	var current int64
	if err := s.read.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&current); err != nil {
		return err
	}
	sources := p.ListSources()
	switch latest := sources[len(sources)-1].Version; {
	case current > latest:
		return newerLayout(current, latest)
	case current < latest:
		return fmt.Errorf("written by an older confianza (layout %d, this one knows %d): start the new one on it once", current, latest)
	}
	return nil
}

// Close ends all reading.
func (s *Reader) Close() error { return errors.Join(s.past.Close(), s.read.Close()) }
