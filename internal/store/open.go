package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Open opens the store in folder dir, making both when absent, and takes its
// writer's lock. It returns a [*LockedError] when another process holds it, and
// wraps [fs.ErrNotExist] when it is to exist and does not.
//
// A disk that is full or read-only is a [*DiskError], here and of every method
// that writes. With [Options].Blocked an open store waits instead until the
// disk takes what is written, or the context ends.
//
// synchronous=NORMAL: a killed process loses nothing; a power cut may take the
// last transactions back, cursors included, and their posts are read again.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := restored(dir); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, databaseName)); err != nil && o.Existing {
		return nil, fmt.Errorf("store: nothing is kept there: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: %w", onDisk(err, dir))
	}
	l, err := takeLock(filepath.Join(dir, "lock"), o.Who)
	if err != nil {
		return nil, err
	}
	s := &Store{Reader: &Reader{path: filepath.Join(dir, databaseName), many: manyMatches, wide: widePages, patience: usualPatience}, lock: l, now: o.Now, tombs: o.Tombstones, blocked: o.Blocked}
	if s.now == nil {
		s.now = time.Now
	}
	if s.tombs == 0 {
		s.tombs = 72 * time.Hour
	}
	if o.Deletions == "" {
		o.Deletions = filepath.Join(dir, deletionsName)
	}
	if err := s.open(ctx, dir, o.Deletions); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, dir, log string) (err error) {
	if err := whole(s.path, filepath.Join(dir, secretName)); err != nil {
		return err
	}
	if err := touch(s.path); err != nil {
		return err
	}
	if s.write, err = connect(s.path, "immediate"); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write); err != nil {
		return s.failed("open "+s.path, err)
	}
	if s.read, err = connect(s.path, "deferred", "query_only(1)"); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(4)
	if s.past, err = connect(s.path, "deferred", "query_only(1)"); err != nil {
		return err
	}
	s.past.SetMaxOpenConns(snapshots)
	if s.words, err = loadWords(ctx, s.write); err != nil {
		return s.failed("open "+s.path, err)
	}
	if s.key, err = openSecret(ctx, s.write, filepath.Join(dir, secretName)); err != nil {
		return err
	}
	m, err := readMark(s.write)
	if err != nil {
		return s.failed("open "+s.path, err)
	}
	s.gone, err = openDeletions(log, m, s.now())
	return err
}

// restored finds a folder that a restore has begun to fill.
func restored(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, restoringName)); err == nil {
		return fmt.Errorf("store: a restore into %s did not finish: empty the folder and restore again", dir)
	}
	return nil
}

// whole finds a database that is gone or emptied. Its secret proves that it was
// there: it is made after the tables are.
func whole(database, secret string) error {
	if _, err := os.Stat(secret); err != nil {
		return nil // a new store, or one that says itself what it lacks
	}
	at, err := os.Stat(database)
	if err == nil && at.Size() > 0 {
		return nil
	}
	return fmt.Errorf("store: %s is gone or empty though its secret is there: restore its folder from a backup", database)
}

// touch makes the database file readable by its owner alone, whatever its
// folder allows; SQLite gives its own files beside it the same mode.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", onDisk(err, path))
	}
	return f.Close()
}

// connect opens a pool. secure_delete clears the pages SQLite gives up; what is
// erased within a page is cleared by writing over it. The write-ahead log is
// moved into the database at 32 MB: each time waits for the disk, and what was
// written over by then need not be moved.
func connect(path, lock string, pragmas ...string) (*sql.DB, error) {
	return dial(path, url.Values{"_txlock": {lock}, "_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(ON)",
		"cache_size(-16000)", "temp_store(MEMORY)", "wal_autocheckpoint(8000)",
	}, pragmas...)})
}

// connectReading opens a pool that cannot write.
func connectReading(path string) (*sql.DB, error) {
	return dial(path, url.Values{"mode": {"ro"}, "_txlock": {"deferred"}, "_pragma": {
		"busy_timeout(10000)", "query_only(1)", "cache_size(-16000)", "temp_store(MEMORY)",
	}})
}

func dial(path string, q url.Values) (*sql.DB, error) {
	db, err := sql.Open("sqlite", fileURI(path)+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return db, nil
}

// fileURI names a file for SQLite, whatever signs are in its path.
func fileURI(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }
