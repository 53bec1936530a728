package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"confianza/internal/mention"
)

// secret makes the store's keys. Deleting its file makes every key in the
// store, and in every backup, meaningless.
type secret struct {
	macs    *sync.Pool // keyed with it; to key one takes longer than most names take
	ordered bool       // posts' keys begin with their time; not in stores made before keys could
}

func newSecret(key []byte) secret {
	return secret{macs: &sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, key)} }}}
}

// mac is keyed, and has room for what it is to sum.
type mac struct {
	hash.Hash
	room []byte
}

const secretSize = 32 // bytes: the strength of SHA-256

// openSecret reads the secret, or makes one for a new store. A store whose
// secret is lost or another's is damaged: its deletions would no longer find
// their posts.
func openSecret(ctx context.Context, db *sql.DB, path string) (secret, error) {
	s, err := readSecret(ctx, db, path)
	if err != nil {
		return secret{}, fmt.Errorf("store: %w", err)
	}
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM fact WHERE name = 'key_order')`).Scan(&s.ordered); err != nil {
		return secret{}, fmt.Errorf("store: order of keys: %w", err)
	}
	return s, nil
}

func readSecret(ctx context.Context, db *sql.DB, path string) (secret, error) {
	var check []byte
	err := db.QueryRowContext(ctx, `SELECT value FROM fact WHERE name = 'key_check'`).Scan(&check)
	isNew := errors.Is(err, sql.ErrNoRows)
	if err != nil && !isNew {
		return secret{}, fmt.Errorf("key check: %w", err)
	}
	key, err := os.ReadFile(path)
	if isNew && errors.Is(err, os.ErrNotExist) {
		key = make([]byte, secretSize)
		rand.Read(key) // never fails since Go 1.24
		err = writeDurably(path, key)
	}
	if errors.Is(err, os.ErrNotExist) {
		return secret{}, fmt.Errorf("secret %s is lost, restore it from a backup: without it deletions would not find their posts", path)
	}
	if err != nil {
		return secret{}, fmt.Errorf("secret: %w", onDisk(err, path))
	}
	if len(key) != secretSize {
		return secret{}, fmt.Errorf("secret %s has %d bytes instead of %d: restore it from a backup", path, len(key), secretSize)
	}
	sum := newSecret(key).sum("check", "confianza")
	if isNew {
		if _, err := db.ExecContext(ctx, `INSERT INTO fact (name, value) VALUES ('key_check', ?), ('key_order', x'01')`, sum[:]); err != nil {
			return secret{}, fmt.Errorf("key check: %w", onDisk(err, path))
		}
		return newSecret(key), nil
	}
	if !bytes.Equal(check, sum[:]) {
		return secret{}, fmt.Errorf("secret %s belongs to another store: restore the one this store was made with", path)
	}
	return newSecret(key), nil
}

// sum is HMAC-SHA-256 over both parts, the first one's length included so that
// no two pairs run together, cut to 16 bytes.
func (s secret) sum(kind, name string) mention.Key {
	h := s.macs.Get().(*mac)
	defer s.macs.Put(h)
	h.Reset()
	b := append(strconv.AppendInt(h.room[:0], int64(len(kind)), 10), ':')
	b = append(append(b, kind...), name...)
	h.Write(b)
	h.room = h.Sum(b[:0])
	return mention.Key(h.room[:16])
}

// AuthorKey stands for an author of a source. The zero Key stands for "".
func (s *Store) AuthorKey(source, author string) mention.Key {
	if author == "" {
		return mention.Key{}
	}
	return s.key.sum("author/"+source, author)
}

func (s *Store) postKey(source, native string) []byte {
	k := s.key.sum("post/"+source, native)
	if s.key.ordered {
		inOrder(&k, native)
	}
	return k[:]
}

func authorBytes(k mention.Key) any {
	if k == (mention.Key{}) {
		return nil
	}
	return k[:]
}

// writeDurably outlives a power cut: the first row that depends on the secret
// must not reach the disk before it. The file has its name only once it is
// whole.
func writeDurably(path string, b []byte) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFolder(path)
}

// syncFolder makes a file's name outlive a power cut.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
