package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"sync"
)

// words gives every label value a small number, and back. Labels are closed
// sets, so all of them fit in memory.
type words struct {
	mu sync.RWMutex
	id map[string]int64
	of map[int64]string

	elsewhere bool // another process learns them
}

func loadWords(ctx context.Context, db querier) (*words, error) {
	w := &words{id: map[string]int64{}, of: map[int64]string{}}
	return w, w.load(ctx, db)
}

// querier is a database, or a transaction of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (w *words) load(ctx context.Context, db querier) error {
	rows, err := db.QueryContext(ctx, `SELECT id, text FROM word`)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	defer rows.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return fmt.Errorf("words: %w", err)
		}
		w.id[text], w.of[id] = id, text
	}
	return rows.Err()
}

// refresh learns what another process did, as the transaction sees it: a row
// read there may be of words newer than ours.
func (w *words) refresh(ctx context.Context, t *sql.Tx) error {
	if !w.elsewhere {
		return nil
	}
	return w.load(ctx, t)
}

// find gives a known word's number; 0, which no word has, for others.
func (w *words) find(text string) int64 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.id[text]
}

// text gives a number's word. Numbers come from our own tables only.
func (w *words) text(id int64) string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.of[id]
}

// draft learns new words inside a transaction; keep makes them known to all
// with its commit.
type draft struct {
	*words
	fresh map[string]int64
}

func (w *words) draft() *draft { return &draft{w, map[string]int64{}} }

func (d *draft) learn(t *tx, text string) (int64, error) {
	if id := d.find(text); id != 0 {
		return id, nil
	}
	if id := d.fresh[text]; id != 0 {
		return id, nil
	}
	id, err := t.insert(`INSERT INTO word (text) VALUES (?)`, text)
	if err != nil {
		return 0, fmt.Errorf("word %q: %w", text, err)
	}
	d.fresh[text] = id
	return id, nil
}

// name gives the word of a number, one learnt in this transaction included.
func (d *draft) name(id int64) string {
	for text, fresh := range d.fresh {
		if fresh == id {
			return text
		}
	}
	return d.text(id)
}

// keep commits, and makes the new words known. Nobody looks a word up
// meanwhile: a reader of what was just committed would find it nameless.
func (d *draft) keep(commit func() error) error {
	if len(d.fresh) == 0 {
		return commit()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := commit(); err != nil {
		return err
	}
	maps.Copy(d.id, d.fresh)
	for text, id := range d.fresh {
		d.of[id] = text
	}
	return nil
}
