package store

import (
	"context"
	"database/sql"
	"errors"
)

// Note reads what [Store.SetNote] wrote; nil when nothing was.
func (s *Reader) Note(ctx context.Context, name string) (value []byte, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT value FROM fact WHERE name = ?`, "note/"+name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, s.failed("note "+name, err)
	}
	return value, nil
}

// SetNote keeps a small thing that must outlive a crash, such as the last
// report that was written, in place of what the name had before.
func (s *Store) SetNote(ctx context.Context, name string, value []byte) error {
	return s.inTx(ctx, "note "+name, func(t *tx) error { return setNote(t, name, value) })
}

func setNote(t *tx, name string, value []byte) error {
	_, err := t.exec(`INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, "note/"+name, value)
	return err
}
