package store

import (
	"context"
	"database/sql"
	"errors"
)

// tx is a write transaction. It lives as long as one call, so it may carry
// the call's context. It prepares each statement once: most run for every
// mention of a batch. It asks whether the call is cancelled before a statement
// and not within one: watching each costs more than most of them take.
type tx struct {
	tx       *sql.Tx
	ctx      context.Context
	words    *draft
	hot      *statements
	prepared map[string]*sql.Stmt // closed by the end of the transaction
	cold     []string             // not yet among hot
	gone     []deletion           // for the deletions' log
}

func (t *tx) deleted(kind byte, at int64, key []byte) {
	t.gone = append(t.gone, deletion{kind, at, [16]byte(key)})
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if p := t.prepared[query]; p != nil {
		return p, nil
	}
	p := t.hot.find(query)
	if p != nil {
		p = t.tx.Stmt(p)
	} else {
		var err error
		if p, err = t.tx.Prepare(query); err != nil {
			return nil, err
		}
		t.cold = append(t.cold, query)
	}
	t.prepared[query] = p
	return p, nil
}

// exec returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	r, err := t.run(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert returns the new row's number.
func (t *tx) insert(query string, args ...any) (id int64, err error) {
	r, err := t.run(query, args)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t *tx) run(query string, args []any) (sql.Result, error) {
	p, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	return p.Exec(args...)
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	p, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	return p.Query(args...)
}

// one scans the first row; it returns [sql.ErrNoRows] when there is none.
func (t *tx) one(query string, args []any, into ...any) error {
	p, err := t.prepare(query)
	if err != nil {
		return err
	}
	return p.QueryRow(args...).Scan(into...)
}

// find scans the first row; ok is false when there is none.
func (t *tx) find(query string, args []any, into ...any) (ok bool, err error) {
	err = t.one(query, args, into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// numbers scans a column of them.
func (t *tx) numbers(query string, args ...any) (all []int64, err error) {
	rows, err := t.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}

// logDeletions puts what a transaction deletes into the log, before it commits:
// the other way round a crash between the two would lose them.
func (s *Store) logDeletions(t *tx) error {
	if len(t.gone) == 0 {
		return nil
	}
	if err := s.gone.add(t.gone); err != nil {
		return err
	}
	m, err := s.gone.end()
	if err != nil {
		return err
	}
	return setMark(t, m)
}

func setMark(t *tx, m mark) error {
	_, err := t.exec(`INSERT INTO fact (name, value) VALUES ('deletions', ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, m.bytes())
	return err
}
