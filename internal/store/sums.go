package store

import (
	"context"
	"slices"
)

// Sums adds mentions up over the whole of a span, which may begin and end at
// any minute, by series. It ignores the query's step, and takes whole hours by
// their totals: a year costs what its hours cost, not what its minutes would.
func (s *Reader) Sums(ctx context.Context, q CountQuery) ([]Count, error) {
	if !q.Span.To.After(q.Span.From) {
		return nil, nil
	}
	from, to := floor(q.Span.From.UnixMilli(), minuteMS), floor(q.Span.To.UnixMilli()-1, minuteMS) // minutes, both included
	first, last := floor(from+59, 60), floor(to+1, 60)-1                                           // hours wholly within
	where, args := q.where()
	sum := counter{from: from, to: to, n: map[Count]int64{}}
	add := func(c Count, n int64) {
		c.At = q.Span.From
		sum.n[c] += n
	}
	if first <= last {
		within := append(slices.Clip(args), first, last)
		if err := s.eachTotal(ctx, where+` AND r.hour BETWEEN ? AND ?`, within, add); err != nil {
			return nil, s.failed("sums", err)
		}
	}
	for _, end := range ends(from, to, first, last) {
		err := s.eachHour(ctx, where+` AND r.hour = ?`, append(slices.Clip(args), end), func(c Count, hour int64, h *hour) {
			if n := h.between(from-60*hour, to-60*hour); n > 0 {
				add(c, n)
			}
		})
		if err != nil {
			return nil, s.failed("sums", err)
		}
	}
	return sum.counts(), nil
}

// ends are the hours that minutes from to to touch and first to last leave out.
func ends(from, to, first, last int64) (hours []int64) {
	for _, h := range []int64{floor(from, 60), floor(to, 60)} {
		if (h < first || h > last) && !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	return hours
}

// between adds up minutes of an hour, both ends included; they may lie outside.
func (h *hour) between(from, to int64) (n int64) {
	for i, m := range h {
		if int64(i) >= from && int64(i) <= to {
			n += m
		}
	}
	return n
}

// eachTotal calls f with the sum of each series over the hours that the
// condition selects.
func (s *Reader) eachTotal(ctx context.Context, where string, args []any, f func(c Count, n int64)) error {
	rows, err := s.read.QueryContext(ctx, `SELECT b.text, o.text, l.text, p.text, k.text, sum(r.total)
		FROM series CROSS JOIN rollup r ON r.series = series.id`+labelsOf+` WHERE `+where+` GROUP BY series.id HAVING sum(r.total) > 0`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Count
		var n int64
		if err := rows.Scan(&c.Brand, &c.Source, &c.Language, &c.Polarity, &c.Kind, &n); err != nil {
			return err
		}
		f(c, n)
	}
	return rows.Err()
}
