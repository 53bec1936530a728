package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"confianza/internal/mention"
)

// Counts adds mentions up by series and bucket of event time, oldest bucket
// first.
func (s *Store) Counts(ctx context.Context, q CountQuery) ([]Count, error) {
	if q.Step < time.Minute || q.Step%time.Minute != 0 {
		return nil, fmt.Errorf("store: counts: step %s is not a multiple of a minute", q.Step)
	}
	if !q.Span.To.After(q.Span.From) {
		return nil, nil
	}
	from, to := floor(q.Span.From.UnixMilli(), minuteMS), floor(q.Span.To.UnixMilli()-1, minuteMS) // minutes, both included
	where, args := `r.hour BETWEEN ? AND ?`, []any{floor(from, 60), floor(to, 60)}
	for _, f := range []struct {
		column string
		words  []string
	}{{"b.text", q.Brands}, {"o.text", q.Sources}} {
		if len(f.words) > 0 {
			where += ` AND ` + f.column + ` IN (?` + strings.Repeat(`, ?`, len(f.words)-1) + `)`
			for _, w := range f.words {
				args = append(args, w)
			}
		}
	}
	if q.Scorer != "" {
		where, args = where+` AND v.text = ?`, append(args, q.Scorer)
	} else {
		where += ` AND v.text = (SELECT version FROM stage WHERE name = 'score')`
	}
	sum := counter{step: int64(q.Step / time.Minute), from: from, to: to, n: map[Count]int64{}}
	if err := s.eachHour(ctx, where, args, sum.add); err != nil {
		return nil, fmt.Errorf("store: counts: %w", err)
	}
	return sum.counts(), nil
}

// eachHour calls f with every packed hour the condition selects.
func (s *Store) eachHour(ctx context.Context, where string, args []any, f func(c Count, n int64, h *hour)) error {
	rows, err := s.read.QueryContext(ctx, `SELECT b.text, o.text, l.text, p.text, k.text, r.hour, r.minutes
		FROM series JOIN rollup r ON r.series = series.id
		JOIN word b ON b.id = brand JOIN word o ON o.id = source JOIN word l ON l.id = language
		JOIN word p ON p.id = polarity JOIN word k ON k.id = kind JOIN word v ON v.id = scorer WHERE `+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Count
		var n int64
		var packed []byte
		if err := rows.Scan(&c.Brand, &c.Source, &c.Language, &c.Polarity, &c.Kind, &n, &packed); err != nil {
			return err
		}
		var h hour
		if err := h.unpack(packed); err != nil {
			return err
		}
		f(c, n, &h)
	}
	return rows.Err()
}

// counter adds minutes into buckets; all its times are in minutes since 1970.
type counter struct {
	step, from, to int64
	n              map[Count]int64
}

func (c *counter) add(key Count, hourNumber int64, h *hour) {
	for i, n := range h {
		minute := hourNumber*60 + int64(i)
		if n == 0 || minute < c.from || minute > c.to {
			continue
		}
		key.At = time.Unix(floor(minute, c.step)*c.step*60, 0).UTC()
		c.n[key] += n
	}
}

func (c *counter) counts() []Count {
	all := make([]Count, 0, len(c.n))
	for k, n := range c.n {
		k.N = n
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Count) int {
		if d := a.At.Compare(b.At); d != 0 {
			return d
		}
		return strings.Compare(a.labels(), b.labels())
	})
	return all
}

func (c Count) labels() string {
	return strings.Join([]string{c.Brand, c.Source, c.Language, string(c.Polarity), string(c.Kind)}, "\x00")
}

// cover notes a stretch of source time as heard, joining it with stretches it
// touches.
func cover(t *tx, source int64, heard mention.Span) error {
	since, until := heard.From.UnixMilli(), heard.To.UnixMilli()
	if heard.To.IsZero() || since >= until {
		return nil
	}
	_, err := t.exec(`INSERT INTO cover (source, since, until)
		SELECT ?1, min(?2, coalesce(min(since), ?2)), max(?3, coalesce(max(until), ?3)) FROM cover
		WHERE source = ?1 AND since <= ?3 AND until >= ?2
		ON CONFLICT DO UPDATE SET until = excluded.until`, source, since, until)
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	_, err = t.exec(`DELETE FROM cover WHERE source = ?1 AND EXISTS (SELECT 1 FROM cover c WHERE c.source = ?1
		AND c.since <= cover.since AND c.until >= cover.until AND c.since <> cover.since AND c.until >= ?2)
		AND until >= ?2`, source, since)
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	return nil
}

// Heard gives the stretches within a span that a source was heard in, oldest
// first, cut to the span.
func (s *Store) Heard(ctx context.Context, source string, within mention.Span) ([]mention.Span, error) {
	from, to := within.From.UnixMilli(), within.To.UnixMilli()
	rows, err := s.read.QueryContext(ctx, `SELECT max(since, ?2), min(until, ?3) FROM cover
		WHERE source = ?1 AND until > ?2 AND since < ?3 ORDER BY since`, s.words.find(source), from, to)
	if err != nil {
		return nil, fmt.Errorf("store: heard %s: %w", source, err)
	}
	defer rows.Close()
	var spans []mention.Span
	for rows.Next() {
		var since, until int64
		if err := rows.Scan(&since, &until); err != nil {
			return nil, fmt.Errorf("store: heard %s: %w", source, err)
		}
		spans = append(spans, mention.Span{From: time.UnixMilli(since).UTC(), To: time.UnixMilli(until).UTC()})
	}
	return spans, rows.Err()
}
