package store

import (
	"context"
	"fmt"
)

// Rows of table said stay where they are so that no copies of what they say
// are left behind. A row of blanks may go when its going moves blanks only.
// SQLite moves rows between a page that empties and the two next to it, so
// rows go from within long runs of blanks, and at each end of a run margin
// bytes stay: eight pages of 4,096 bytes.
const (
	margin      = 32 << 10
	rowMin      = 8    // bytes of a row beside what it holds
	inPage      = 480  // bytes of a long row that are in its page at least; the rest lies in pages of its own
	reclaimRows = 2000 // of one transaction
)

// run is rows of blanks, one next to the other, by number: those that may go.
type run struct{ first, last int64 }

// reclaim deletes rows of blanks, so that later ones take their room. The
// database file does not shrink.
func (s *Store) reclaim(ctx context.Context) error {
	runs, err := s.runs(ctx)
	if err != nil {
		return s.failed("reclaim", err)
	}
	for _, r := range runs {
		for first := r.first; first <= r.last; first += reclaimRows {
			last := min(first+reclaimRows-1, r.last)
			err := s.inTx(ctx, "reclaim", func(t *tx) error {
				if _, err := t.exec(`DELETE FROM said WHERE id BETWEEN ? AND ?`, first, last); err != nil {
					return fmt.Errorf("rows %d to %d: %w", first, last, err)
				}
				_, err := t.exec(`DELETE FROM blank WHERE said BETWEEN ? AND ?`, first, last)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// runs reads the blank rows in order. octet_length does not read what it
// measures.
func (s *Store) runs(ctx context.Context) ([]run, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, octet_length(native) + octet_length(url) + octet_length(text)
		FROM blank CROSS JOIN said ON id = said ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var f finder
	for rows.Next() {
		var id, size int64
		if err := rows.Scan(&id, &size); err != nil {
			return nil, err
		}
		f.add(id, rowMin+min(size, inPage))
	}
	f.end()
	return f.found, rows.Err()
}

// finder finds runs with the margins off.
type finder struct {
	found []run
	last  int64   // of the run that is being read
	head  int64   // bytes of its first margin, so far
	inner run     // what of it lies behind the first margin and before tail
	tail  []sized // its last margin
	bytes int64   // of tail
}

type sized struct{ id, bytes int64 }

func (f *finder) add(id, bytes int64) {
	if id != f.last+1 {
		f.end()
	}
	f.last = id
	if f.head < margin {
		f.head += bytes
		return
	}
	f.tail, f.bytes = append(f.tail, sized{id, bytes}), f.bytes+bytes
	for f.bytes-f.tail[0].bytes >= margin {
		if f.inner.first == 0 {
			f.inner.first = f.tail[0].id
		}
		f.inner.last, f.bytes, f.tail = f.tail[0].id, f.bytes-f.tail[0].bytes, f.tail[1:]
	}
}

// end closes a run.
func (f *finder) end() {
	if f.inner.first != 0 {
		f.found = append(f.found, f.inner)
	}
	f.head, f.inner, f.tail, f.bytes = 0, run{}, nil, 0
}
