package store

import (
	"context"
	"fmt"
	"time"

	"confianza/internal/mention"
)

// cover notes a stretch of source time as heard, joining it with the stretches
// it meets. Stretches never touch each other, so those it meets are the last
// one that begins before it and all that begin within it.
func cover(t *tx, source int64, heard mention.Span, brands []string) error {
	since, until := heard.From.UnixMilli(), heard.To.UnixMilli()
	if heard.From.IsZero() || heard.To.IsZero() || since >= until {
		return nil
	}
	const met = ` FROM cover WHERE source = ?1 AND until >= ?2 AND since <= ?3
		AND since >= coalesce((SELECT max(since) FROM cover WHERE source = ?1 AND since <= ?2), ?2)`
	var first, last int64
	err := t.one(`SELECT min(?2, coalesce(min(since), ?2)), max(?3, coalesce(max(until), ?3))`+met,
		[]any{source, since, until}, &first, &last)
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	if _, err := t.exec(`DELETE`+met, source, since, until); err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	if _, err := t.exec(`INSERT INTO cover (source, since, until) VALUES (?, ?, ?)`, source, first, last); err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	if err := listened(t, source, brands, since, until); err != nil {
		return err
	}
	if known, err := receivers(t); err != nil || len(known) == 0 {
		return err
	}
	for hour := floor(max(since, until-longestWindow), hourMS); hour*hourMS < until; hour++ {
		if err := stale(t, hour, 0); err != nil {
			return fmt.Errorf("coverage: %w", err)
		}
	}
	return nil
}

// Heard gives the stretches within a span that a source was heard in, oldest
// first, cut to the span.
func (s *Reader) Heard(ctx context.Context, source string, within mention.Span) ([]mention.Span, error) {
	from, to := within.From.UnixMilli(), within.To.UnixMilli()
	rows, err := s.read.QueryContext(ctx, `SELECT max(since, ?2), min(until, ?3) FROM cover
		WHERE source = ?1 AND until > ?2 AND since < ?3 ORDER BY since`, s.words.find(source), from, to)
	if err != nil {
		return nil, s.failed("heard "+source, err)
	}
	defer rows.Close()
	var spans []mention.Span
	for rows.Next() {
		var since, until int64
		if err := rows.Scan(&since, &until); err != nil {
			return nil, s.failed("heard "+source, err)
		}
		spans = append(spans, mention.Span{From: time.UnixMilli(since).UTC(), To: time.UnixMilli(until).UTC()})
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("heard "+source, err)
	}
	return spans, nil
}
