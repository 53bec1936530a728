package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"confianza/internal/mention"
)

// Snapshot reads what is counted, all of it as it is at one moment: without
// one, two reads of one question could see different commits. It is not for
// concurrent use, and must be closed. While it is open the write-ahead log
// grows: whoever opens one sees to it that it ends.
type Snapshot struct {
	s      *Reader
	conn   *sql.Conn
	tx     *sql.Tx
	scorer string
}

// Series is one series of the rollups, by the scorer whose results are shown.
type Series struct {
	ID                      int64 // for [Snapshot.Hours] and [Snapshot.Sums] of this store
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
}

// shownScorer names the scorer version whose results are shown: the one at
// work, or while everything is scored again, the one before.
const shownScorer = `(SELECT iif(through < until, shown, version) FROM stage WHERE name = 'score')`

// Snapshot opens one. It waits for its turn when many are open; ctx bounds that
// wait and nothing else.
func (s *Reader) Snapshot(ctx context.Context) (*Snapshot, error) {
	conn, err := s.past.Conn(ctx)
	if err != nil {
		return nil, s.failed("snapshot", err)
	}
	v := &Snapshot{s: s, conn: conn}
	// A context that ends would roll back under a reader.
	if v.tx, err = conn.BeginTx(context.WithoutCancel(ctx), nil); err != nil {
		return nil, errors.Join(s.failed("snapshot", err), conn.Close())
	}
	// SQLite takes its snapshot with the first read.
	if err := v.tx.QueryRowContext(ctx, `SELECT coalesce(`+shownScorer+`, '')`).Scan(&v.scorer); err != nil {
		return nil, errors.Join(s.failed("snapshot", err), v.Close())
	}
	return v, nil
}

// Close lets go of the snapshot. Nothing was written, so that nothing can fail
// but what had failed before.
func (v *Snapshot) Close() error {
	return errors.Join(ignoreDone(v.tx.Rollback()), v.conn.Close())
}

// Scorer is the version whose results the snapshot shows; "" before any.
func (v *Snapshot) Scorer() string { return v.scorer }

// Series lists the series that hold a count, or once did.
func (v *Snapshot) Series(ctx context.Context) ([]Series, error) {
	rows, err := v.tx.QueryContext(ctx, `SELECT series.id, b.text, o.text, l.text, p.text, k.text FROM series
		JOIN word b ON b.id = brand JOIN word o ON o.id = source JOIN word l ON l.id = language
		JOIN word p ON p.id = polarity JOIN word k ON k.id = kind JOIN word v ON v.id = scorer
		WHERE v.text = ? ORDER BY 2, 3, 4, 5, 6`, v.scorer)
	if err != nil {
		return nil, v.s.failed("series", err)
	}
	defer rows.Close()
	var all []Series
	for rows.Next() {
		var c Series
		if err := rows.Scan(&c.ID, &c.Brand, &c.Source, &c.Language, &c.Polarity, &c.Kind); err != nil {
			return nil, v.s.failed("series", err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		return nil, v.s.failed("series", err)
	}
	return all, nil
}

// Hours gives a series' packed hours from one hour to another, both included
// and both in hours since 1970, oldest first; hours without a count may be
// missing. packed, for [Unpack], is good until f returns.
func (v *Snapshot) Hours(ctx context.Context, series, from, to int64, f func(hour, total int64, packed []byte)) error {
	rows, err := v.tx.QueryContext(ctx, `SELECT hour, total, minutes FROM rollup WHERE series = ? AND hour BETWEEN ? AND ? ORDER BY hour`,
		series, from, to)
	if err != nil {
		return v.s.failed("hours", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hour, total int64
		var packed sql.RawBytes
		if err := rows.Scan(&hour, &total, &packed); err != nil {
			return v.s.failed("hours", err)
		}
		f(hour, total, packed)
	}
	if err := rows.Err(); err != nil {
		return v.s.failed("hours", err)
	}
	return nil
}

// Sums adds a series' hours up into buckets of width hours, the first of which
// begins with hour from, up to hour to, not included: oldest first, empty ones
// may be missing. No hour is unpacked.
func (v *Snapshot) Sums(ctx context.Context, series, from, to, width int64, f func(hour, total int64)) error {
	rows, err := v.tx.QueryContext(ctx, `SELECT (hour - ?2) / ?4 AS bucket, sum(total) FROM rollup
		WHERE series = ?1 AND hour >= ?2 AND hour < ?3 GROUP BY bucket ORDER BY bucket`, series, from, to, width)
	if err != nil {
		return v.s.failed("sums", err)
	}
	defer rows.Close()
	for rows.Next() {
		var bucket, total int64
		if err := rows.Scan(&bucket, &total); err != nil {
			return v.s.failed("sums", err)
		}
		f(from+bucket*width, total)
	}
	if err := rows.Err(); err != nil {
		return v.s.failed("sums", err)
	}
	return nil
}

// Unpack writes the mentions of each minute of a packed hour.
func Unpack(packed []byte, minutes *[60]int64) error {
	return (*hour)(minutes).unpack(packed)
}

// Heard gives the stretches every source was heard in, oldest first.
func (v *Snapshot) Heard(ctx context.Context) (map[string][]mention.Span, error) {
	rows, err := v.tx.QueryContext(ctx, `SELECT w.text, since, until FROM cover JOIN word w ON w.id = source ORDER BY source, since`)
	if err != nil {
		return nil, v.s.failed("heard", err)
	}
	defer rows.Close()
	all := map[string][]mention.Span{}
	for rows.Next() {
		var source string
		var since, until int64
		if err := rows.Scan(&source, &since, &until); err != nil {
			return nil, v.s.failed("heard", err)
		}
		all[source] = append(all[source], mention.Span{From: time.UnixMilli(since).UTC(), To: time.UnixMilli(until).UTC()})
	}
	if err := rows.Err(); err != nil {
		return nil, v.s.failed("heard", err)
	}
	return all, nil
}

// Span is from the first counted hour to the end of the last; zero when nothing
// is counted.
func (v *Snapshot) Span(ctx context.Context) (mention.Span, error) {
	var first, last sql.NullInt64
	err := v.tx.QueryRowContext(ctx, `SELECT min((SELECT min(hour) FROM rollup WHERE series = id)),
		max((SELECT max(hour) FROM rollup WHERE series = id)) FROM series`).Scan(&first, &last)
	if err != nil {
		return mention.Span{}, v.s.failed("span", err)
	}
	if !first.Valid {
		return mention.Span{}, nil
	}
	return mention.Span{From: time.Unix(first.Int64*3600, 0).UTC(), To: time.Unix((last.Int64+1)*3600, 0).UTC()}, nil
}
