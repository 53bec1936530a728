// Package store keeps mentions in order, and everything counted from them.
//
// It is the bus of the house: intake appends to a log, a stage is a named
// bookmark over it, and a stage's results commit together with its bookmark,
// so that a crash at any point loses nothing and repeats nothing. Rollups by
// event time are written in the same transaction as the scores they count.
//
// It promises: one transaction for mentions, deletions, cursor and coverage;
// the same revision twice changes nothing; deletion wins over whatever comes
// before or after it; numbers outlive texts. It leaves to others what a
// mention is, how it is scored, and what the numbers mean. Behind it is SQLite
// in WAL mode; another store must pass package storetest.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open store. Its methods are safe for concurrent use; writes
// happen one at a time.
type Store struct {
	*Reader
	write *sql.DB // one connection
	hot   statements
	lock  *lock
	key   secret
	now   func() time.Time
	tombs time.Duration
	gone  *deletions

	copying atomic.Bool // a backup is being made

	blocked func(*DiskError) // see Options
	disk    sync.Mutex       // of what follows
	waiting int              // writers that wait for the disk
	trouble *DiskError       // why they do; nil when none does
	since   time.Time
}

// Options tunes a store; the zero value is ready to use.
type Options struct {
	Tombstones time.Duration    // how long deletions of posts never stored are remembered; 0 means 72 h
	Now        func() time.Time // for tests; nil means the clock
	Existing   bool             // a store that is not there is an error, and is not made
	Deletions  string           // path of the deletions' log, better on another disk; "" means deletions.log in the store's folder
	Who        string           // what holds the store, for the message to the next who asks, such as "confianza run"
	Blocked    func(*DiskError) // told that writing waits for the disk, and with nil that it goes on; without it nothing waits
}

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

// What a store's folder holds, besides its lock; a backup holds the first
// three.
const (
	databaseName  = "confianza.db"
	secretName    = "secret.key"
	deletionsName = "deletions.log"
	restoringName = "restoring"
)

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

func layouts(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := layouts(db)
	if err != nil {
		return err
	}
	current, latest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > latest {
		return newerLayout(current, latest)
	}
	_, err = p.Up(ctx)
	return err
}

func newerLayout(current, latest int64) error {
	return fmt.Errorf("written by a newer confianza (layout %d, this one knows %d): run that one, or restore a backup made before the upgrade", current, latest)
}

// Close ends all work and lets go of the lock.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.past, s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.gone != nil {
		errs = append(errs, s.gone.file.Close())
	}
	return errors.Join(append(errs, s.lock.release())...)
}

// inTx runs f in one write transaction, and once more from its beginning when
// the disk was full. Words learnt in a transaction that fails are forgotten
// with it.
func (s *Store) inTx(ctx context.Context, doing string, f func(tx *tx) error) error {
	return s.patiently(ctx, func() error { return s.transact(ctx, doing, f) })
}

func (s *Store) transact(ctx context.Context, doing string, f func(tx *tx) error) error {
	x := &tx{ctx: ctx, words: s.words.draft(), hot: &s.hot, prepared: map[string]*sql.Stmt{}}
	if err := s.commit(x, f); err != nil {
		return s.failed(doing, err)
	}
	s.hot.keep(ctx, s.write, x.cold)
	return nil
}

func (s *Store) commit(x *tx, f func(tx *tx) error) error {
	conn, err := s.write.Conn(x.ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if x.tx, err = conn.BeginTx(context.WithoutCancel(x.ctx), nil); err != nil {
		return err
	}
	if err = f(x); err == nil {
		err = x.ctx.Err()
	}
	if err == nil {
		err = s.logDeletions(x)
	}
	if err == nil {
		err = x.words.keep(x.tx.Commit)
	}
	if err != nil {
		return errors.Join(err, ignoreDone(x.tx.Rollback()))
	}
	return nil
}

// failed says what was being done, and which file when the file is to blame or
// its disk.
func (s *Reader) failed(doing string, err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case 11, 26: // SQLITE_CORRUPT, SQLITE_NOTADB
			return fmt.Errorf("store: %s: %s is damaged, restore its folder from a backup: %w", doing, s.path, err)
		}
	}
	return fmt.Errorf("store: %s: %w", doing, onDisk(err, s.path))
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
