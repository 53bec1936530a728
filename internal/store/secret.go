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
	"os"

	"confianza/internal/mention"
)

// secret makes the store's keys. Deleting its file makes every key in the
// store, and in every backup, meaningless.
type secret []byte

// openSecret reads the secret, or makes one for a new store. A store whose
// secret is lost or another's is damaged: its deletions would no longer find
// their posts.
func openSecret(ctx context.Context, db *sql.DB, path string) (secret, error) {
	var check []byte
	err := db.QueryRowContext(ctx, `SELECT value FROM fact WHERE name = 'key_check'`).Scan(&check)
	isNew := errors.Is(err, sql.ErrNoRows)
	if err != nil && !isNew {
		return nil, fmt.Errorf("store: key check: %w", err)
	}
	key, err := os.ReadFile(path)
	if isNew && errors.Is(err, os.ErrNotExist) {
		key = make([]byte, 32)
		rand.Read(key) // never fails since Go 1.24
		err = writeDurably(path, key)
	}
	if err != nil {
		return nil, fmt.Errorf("store: secret: %w", err)
	}
	if len(key) < 32 {
		return nil, fmt.Errorf("store: secret %s has %d bytes instead of 32", path, len(key))
	}
	sum := secret(key).sum("check", "confianza")
	if isNew {
		_, err = db.ExecContext(ctx, `INSERT INTO fact (name, value) VALUES ('key_check', ?)`, sum[:])
		return key, err
	}
	if !bytes.Equal(check, sum[:]) {
		return nil, fmt.Errorf("store: secret %s belongs to another store", path)
	}
	return key, nil
}

// sum is HMAC-SHA-256 over both parts, the first one's length included so that
// no two pairs run together, cut to 16 bytes.
func (s secret) sum(kind, name string) mention.Key {
	h := hmac.New(sha256.New, s)
	fmt.Fprintf(h, "%d:%s", len(kind), kind)
	h.Write([]byte(name))
	return mention.Key(h.Sum(nil)[:16])
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
	return k[:]
}

func authorBytes(k mention.Key) any {
	if k == (mention.Key{}) {
		return nil
	}
	return k[:]
}

// writeDurably outlives a power cut: the first row that depends on the secret
// must not reach the disk before it.
func writeDurably(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}
