package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the store, as it is at one moment, into a new folder at path
// while others read and write. The folder holds the database, the secret and
// the deletions' log, readable by their owner alone: together they are worth as
// much care as the store. It has its name only once all of it is on the disk
// and found whole; an existing path is an error, [fs.ErrExist] among its
// causes.
//
// Meanwhile the write-ahead log keeps growing, and what is erased stays in it
// until the next [Store.Prune].
func (s *Store) Backup(ctx context.Context, path string) error {
	if !s.copying.CompareAndSwap(false, true) {
		return errors.New("store: backup: another one is being made")
	}
	defer s.copying.Store(false)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: backup to %s: %w", path, errors.Join(err, fs.ErrExist))
	}
	part := path + ".part"
	err := errors.Join(discard(part), os.Mkdir(part, 0o700))
	if err == nil {
		err = s.copyInto(ctx, part)
	}
	if err == nil {
		err = os.Rename(part, path) // over nothing but an empty folder
	}
	if err != nil {
		return errors.Join(s.failed("backup to "+path, onDisk(err, path)), discard(part))
	}
	return syncFolder(path)
}

// discard removes an unfinished backup, one left by a crash too, and nothing
// else: its folder must be empty then.
func discard(part string) error {
	for _, name := range []string{databaseName, databaseName + "-journal", secretName, deletionsName} {
		if err := os.Remove(filepath.Join(part, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copyInto copies the database first: the log may only know of more than it.
// VACUUM INTO reads one snapshot, blocks nobody, and copies nothing that lies
// in the unused parts of pages.
func (s *Store) copyInto(ctx context.Context, part string) error {
	database := filepath.Join(part, databaseName)
	if err := touch(database); err != nil {
		return err
	}
	source, err := connect(s.path, "deferred")
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, `VACUUM INTO ?`, fileURI(database))
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	if err := stamp(ctx, database, s.now().UnixMilli()); err != nil {
		return err
	}
	for name, from := range map[string]string{
		secretName: filepath.Join(filepath.Dir(s.path), secretName), deletionsName: s.gone.file.Name()} {
		if err := copyFile(from, filepath.Join(part, name)); err != nil {
			return err
		}
	}
	return errors.Join(syncFile(database), syncFolder(database))
}

// stamp notes in a copy when it was made, and checks that it is whole: a copy
// of a damaged database is no backup.
func stamp(ctx context.Context, path string, now int64) error {
	db, err := sql.Open("sqlite", fileURI(path))
	if err != nil {
		return err
	}
	var found string
	err = db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found)
	if err == nil && found != "ok" {
		err = fmt.Errorf("the copy is damaged: %s", found)
	}
	if err == nil {
		_, err = db.ExecContext(ctx, `INSERT INTO fact (name, value) VALUES ('copied', CAST(? AS BLOB))
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, now)
	}
	return errors.Join(err, db.Close())
}

// copyFile copies to a new file of its owner's alone, onto the disk.
func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Sync(), w.Close())
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
