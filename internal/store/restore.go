package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Restored says what a restore brought back.
type Restored struct {
	Made      time.Time // when the backup was made
	Deletions int       // deletions made since, by the log, and made again
	Erased    int       // posts of the backup they erased
	Known     time.Time // the log knows of deletions up to then; later ones are lost if the store lived on
}

// Restore makes a store in the empty folder dir from a backup, and makes the
// deletions again that came after it. They are in the deletions' log of the
// store that was lost, or of any later backup of it: log is its path. With ""
// only the backup's own log is read, and what was deleted later is back, until
// its source says so again or the person asks again.
//
// A log that ends before the backup, begins after it, or belongs to another
// store is an error. So is a folder that holds anything. A restore that is
// killed leaves a folder that does not open.
func Restore(ctx context.Context, backup, dir, log string) (r Restored, err error) {
	if log == "" {
		log = filepath.Join(backup, deletionsName)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return r, fmt.Errorf("store: restore: %w", onDisk(err, dir))
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s holds %s already: %w", dir, entries[0].Name(), fs.ErrExist)
	}
	if err != nil {
		return r, fmt.Errorf("store: restore: %w", err)
	}
	part := filepath.Join(dir, restoringName)
	if err := refill(backup, part, log); err != nil {
		return r, errors.Join(fmt.Errorf("store: restore %s: %w", backup, onDisk(err, dir)), os.RemoveAll(part))
	}
	if r, err = again(ctx, part); err != nil {
		return Restored{}, errors.Join(err, os.RemoveAll(part))
	}
	if err := moveIn(part, dir); err != nil {
		return Restored{}, fmt.Errorf("store: restore %s: %w", backup, err)
	}
	return r, nil
}

// refill copies a backup, with the log that is to be made again.
func refill(backup, dir, log string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	// What lies damaged behind the backup's mark, opening would take for the
	// rest of a crash, and cut off.
	if err := checkDeletions(log); err != nil {
		return fmt.Errorf("deletions' log %s: %w", log, err)
	}
	return errors.Join(
		copyFile(filepath.Join(backup, databaseName), filepath.Join(dir, databaseName)),
		copyFile(filepath.Join(backup, secretName), filepath.Join(dir, secretName)),
		copyFile(log, filepath.Join(dir, deletionsName)))
}

// again makes the deletions since the backup again. The log has them already.
func again(ctx context.Context, dir string) (r Restored, err error) {
	s, err := Open(ctx, dir, Options{Who: "confianza restore"})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	m, err := readMark(s.write)
	if err != nil {
		return r, s.failed("mark", err)
	}
	ds, err := s.gone.after(m)
	if err != nil {
		return r, s.failed("deletions", err)
	}
	for ; len(ds) > 0; ds = ds[min(len(ds), redoSize):] {
		erased, err := s.redo(ctx, ds[:min(len(ds), redoSize)])
		if err != nil {
			return r, err
		}
		r.Erased += erased
		r.Deletions += min(len(ds), redoSize)
	}
	if err := errors.Join(s.finish(ctx, &r), s.sweep(ctx)); err != nil {
		return r, err
	}
	_, err = s.Prune(ctx)
	return r, err
}

const redoSize = 500 // deletions of one transaction

func (s *Store) redo(ctx context.Context, ds []deletion) (erased int, err error) {
	err = s.inTx(ctx, "make deletions again", func(t *tx) error {
		var a Added
		for _, d := range ds {
			if err := d.redo(t, &a); err != nil {
				return err
			}
		}
		t.gone = nil // the log has them
		erased = a.Erased
		return nil
	})
	return erased, err
}

func (d deletion) redo(t *tx, a *Added) error {
	key := d.key[:]
	switch d.kind {
	case postGone:
		_, err := removePost(t, key, d.at, a)
		return err
	case authorGone, authorHidden:
		return removeAuthor(t, key, d.kind == authorHidden, d.at, a)
	case authorBack:
		return authorReturns(t, key, d.at, a)
	case forgotten:
		n, err := forget(t, key, d.at)
		a.Erased += n
		return err
	}
	return fmt.Errorf("a deletion of kind %q is none", d.kind)
}

// finish notes that the database is as far as its log.
func (s *Store) finish(ctx context.Context, r *Restored) error {
	last, err := s.gone.entry(s.gone.n)
	if err != nil {
		return s.failed("deletions", err)
	}
	r.Known = time.UnixMilli(last.at).UTC()
	return s.inTx(ctx, "finish", func(t *tx) error {
		m, err := s.gone.end()
		if err != nil {
			return err
		}
		var made int64
		if _, err := t.find(`SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM fact WHERE name = 'copied'`, nil, &made); err != nil {
			return err
		}
		r.Made = time.UnixMilli(made).UTC()
		return setMark(t, m)
	})
}

// moveIn gives the restored files their places. Until the last step the folder
// does not open.
func moveIn(part, dir string) error {
	if info, err := os.Stat(filepath.Join(part, databaseName+"-wal")); err == nil && info.Size() > 0 {
		return errors.New("the write-ahead log was not emptied")
	}
	for _, name := range []string{secretName, deletionsName, databaseName} {
		if err := os.Rename(filepath.Join(part, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := syncFolder(filepath.Join(dir, databaseName)); err != nil {
		return err
	}
	return os.RemoveAll(part) // its lock, and what SQLite left
}
