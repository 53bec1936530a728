package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Receivers says who is sent the rollups from now on, by name. A new one is
// owed every hour since a time; what was kept of one that is not named any
// more is dropped.
func (s *Store) Receivers(ctx context.Context, names []string, since time.Time) error {
	return s.inTx(ctx, "receivers", func(t *tx) error {
		known, err := receivers(t)
		if err != nil {
			return err
		}
		for name, id := range known {
			if slices.Contains(names, name) {
				continue
			}
			for _, table := range []string{"shipment", "sent", "stale"} {
				if _, err := t.exec(`DELETE FROM `+table+` WHERE receiver = ?`, id); err != nil {
					return err
				}
			}
			if _, err := t.exec(`DELETE FROM receiver WHERE id = ?`, id); err != nil {
				return err
			}
		}
		for _, name := range names {
			if known[name] != 0 {
				continue
			}
			id, err := t.insert(`INSERT INTO receiver (name, scorer) VALUES (?, 0)`, name)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := owe(t, id, since); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
}

func receivers(t *tx) (map[string]int64, error) {
	rows, err := t.query(`SELECT name, id FROM receiver`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]int64{}
	for rows.Next() {
		var name string
		var id int64
		if err := rows.Scan(&name, &id); err != nil {
			return nil, err
		}
		known[name] = id
	}
	return known, rows.Err()
}

// owe marks every hour since a time as one to compare with what a receiver was
// sent of it.
func owe(t *tx, receiver int64, since time.Time) error {
	_, err := t.exec(`INSERT INTO stale (receiver, hour, changes)
		SELECT DISTINCT ?1, hour, 0 FROM series CROSS JOIN rollup ON rollup.series = series.id AND hour >= ?2 WHERE true
		ON CONFLICT DO NOTHING`, receiver, floor(since.UnixMilli(), hourMS))
	if err != nil {
		return err
	}
	// Quiet hours of a source that was heard have zeros.
	rows, err := t.query(`SELECT since, until FROM cover WHERE until > ?`, since.UnixMilli())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var from, to int64
		if err := rows.Scan(&from, &to); err != nil {
			return err
		}
		for hour := floor(max(from, since.UnixMilli()), hourMS); hour*hourMS < to; hour++ {
			if _, err := t.exec(`INSERT INTO stale (receiver, hour, changes) VALUES (?, ?, 0) ON CONFLICT DO NOTHING`, receiver, hour); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// stale tells every receiver that an hour changed.
func stale(t *tx, hour, changes int64) error {
	_, err := t.exec(`INSERT INTO stale (receiver, hour, changes) SELECT id, ?, ? FROM receiver WHERE true
		ON CONFLICT DO UPDATE SET changes = changes + excluded.changes`, hour, changes)
	return err
}
