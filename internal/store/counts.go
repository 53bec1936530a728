package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Counts adds mentions up by series and bucket of event time, oldest bucket
// first.
func (s *Reader) Counts(ctx context.Context, q CountQuery) ([]Count, error) {
	if q.Step < time.Minute || q.Step%time.Minute != 0 {
		return nil, fmt.Errorf("store: counts: step %s is not a multiple of a minute", q.Step)
	}
	if !q.Span.To.After(q.Span.From) {
		return nil, nil
	}
	from, to := floor(q.Span.From.UnixMilli(), minuteMS), floor(q.Span.To.UnixMilli()-1, minuteMS) // minutes, both included
	where, args := q.where()
	where, args = where+` AND r.hour BETWEEN ? AND ?`, append(args, floor(from, 60), floor(to, 60))
	sum := counter{step: int64(q.Step / time.Minute), from: from, to: to, n: map[Count]int64{}}
	if err := s.eachHour(ctx, where, args, sum.add); err != nil {
		return nil, s.failed("counts", err)
	}
	return sum.counts(), nil
}

// where selects series.
func (q CountQuery) where() (where string, args []any) {
	where = `v.text = ` + shownScorer
	if q.Scorer != "" {
		where, args = `v.text = ?`, []any{q.Scorer}
	}
	for _, f := range []struct {
		column string
		words  []string
	}{{"series.brand", q.Brands}, {"series.source", q.Sources}} {
		if len(f.words) > 0 { // by number, for which series have an index
			where += ` AND ` + f.column + ` IN (SELECT id FROM word WHERE text IN (?` + strings.Repeat(`, ?`, len(f.words)-1) + `))`
			for _, w := range f.words {
				args = append(args, w)
			}
		}
	}
	return where, args
}

// hoursOf reads packed hours series by series, whatever the planner thinks: a
// condition goes after it.
const hoursOf = `SELECT b.text, o.text, l.text, p.text, k.text, r.hour, r.minutes
	FROM series CROSS JOIN rollup r ON r.series = series.id` + labelsOf + ` WHERE `

const labelsOf = ` JOIN word b ON b.id = brand JOIN word o ON o.id = source JOIN word l ON l.id = language
	JOIN word p ON p.id = polarity JOIN word k ON k.id = kind JOIN word v ON v.id = scorer`

// eachHour calls f with every packed hour the condition selects.
func (s *Reader) eachHour(ctx context.Context, where string, args []any, f func(c Count, n int64, h *hour)) error {
	rows, err := s.read.QueryContext(ctx, hoursOf+where, args...)
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
