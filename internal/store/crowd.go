package store

import (
	"context"
	"strings"

	"confianza/internal/mention"
)

// Crowd is how many spoke of a brand in a bin of five minutes.
type Crowd struct {
	Brand string
	Bin   int64 // Unix time / 300
	N     int64 // authors; who is not known counts once a mention
}

// Crowds counts who spoke in the bins of a span of event time, from some
// sources, by brand and bin, since 1970; bins in which nobody did are missing. It goes
// through the span's mentions, scored or not.
func (s *Reader) Crowds(ctx context.Context, within mention.Span, sources []string) ([]Crowd, error) {
	if len(sources) == 0 || !within.To.After(within.From) {
		return nil, nil
	}
	args := []any{within.From.UnixMilli(), within.To.UnixMilli()}
	for _, source := range sources {
		args = append(args, source)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT b.text, n.bin, n.authors FROM (
			SELECT m.brand, m.at / 300000 AS bin, count(DISTINCT coalesce(p.author, p.id)) AS authors
			FROM post p CROSS JOIN mention m ON m.post = p.id
			WHERE p.at >= ? AND p.at < ? AND p.source IN (SELECT id FROM word WHERE text IN (?`+strings.Repeat(`, ?`, len(sources)-1)+`))
			GROUP BY 1, 2) n JOIN word b ON b.id = n.brand ORDER BY 2, 1`, args...)
	if err != nil {
		return nil, s.failed("crowds", err)
	}
	defer rows.Close()
	var all []Crowd
	for rows.Next() {
		var c Crowd
		if err := rows.Scan(&c.Brand, &c.Bin, &c.N); err != nil {
			return nil, s.failed("crowds", err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("crowds", err)
	}
	return all, nil
}
