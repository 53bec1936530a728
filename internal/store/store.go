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
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
)

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

// What a store's folder holds, besides its lock; a backup holds the first
// three.
const (
	databaseName  = "confianza.db"
	secretName    = "secret.key"
	deletionsName = "deletions.log"
	restoringName = "restoring"
)

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
