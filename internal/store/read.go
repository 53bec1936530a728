package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"confianza/internal/mention"
)

const postColumns = `p.id, p.source, coalesce(s.native, ''), p.revision, coalesce(s.url, ''), p.author, coalesce(s.text, ''),
	p.declared, p.at, p.seen, p.form, p.followers, p.visibility, coalesce(p.language, 0), coalesce(p.polarity, 0),
	coalesce(p.negative, 0), coalesce(p.neutral, 0), coalesce(p.positive, 0), coalesce(p.scorer, 0)`

// Latest gives mentions that may be shown, newest event first.
func (s *Reader) Latest(ctx context.Context, q LatestQuery) ([]mention.Mention, error) {
	sources, err := s.sources(ctx, q)
	if err != nil {
		return nil, err
	}
	tail, args := s.walk(q, sources).tail(q.Limit)
	return s.mentions(ctx, tail, args...)
}

// mentions reads posts with the brands they name. The brands come second, so
// that a reader never sees the two tables apart: both run in one transaction.
func (s *Reader) mentions(ctx context.Context, tail string, args ...any) ([]mention.Mention, error) {
	t, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.failed("read mentions", err)
	}
	defer t.Rollback() // nothing was written
	if err := s.words.refresh(ctx, t); err != nil {
		return nil, s.failed("read mentions", err)
	}
	rows, err := t.QueryContext(ctx, `SELECT `+postColumns+` FROM `+tail, args...)
	if err != nil {
		return nil, s.failed("read mentions", err)
	}
	defer rows.Close()
	var ms []mention.Mention
	for rows.Next() {
		m, err := s.scan(rows)
		if err != nil {
			return nil, s.failed("read mentions", err)
		}
		ms = append(ms, m)
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("read mentions", err)
	}
	if err := s.brands(ctx, t, ms); err != nil {
		return nil, s.failed("brands of mentions", err)
	}
	return ms, nil
}

func (s *Reader) scan(rows *sql.Rows) (m mention.Mention, err error) {
	var source, at, seen, form, language, polarity, scorer int64
	var author []byte
	err = rows.Scan(&m.ID, &source, &m.Native, &m.Revision, &m.URL, &author, &m.Text, &m.Declared, &at, &seen, &form,
		&m.Followers, &m.Visibility, &language, &polarity, &m.Score.Negative, &m.Score.Neutral, &m.Score.Positive, &scorer)
	if err != nil {
		return m, err
	}
	copy(m.Author[:], author)
	m.Source, m.Form = s.words.text(source), s.words.text(form)
	m.At, m.Seen = time.UnixMilli(at).UTC(), time.UnixMilli(seen).UTC()
	m.Score.Language, m.Score.Scorer = s.words.text(language), s.words.text(scorer)
	m.Score.Polarity = mention.Polarity(s.words.text(polarity))
	return m, nil
}

// brands fills in the brands that mentions name, in order.
func (s *Reader) brands(ctx context.Context, t *sql.Tx, ms []mention.Mention) error {
	at := make(map[int64]int, len(ms))
	list := []byte("[")
	for i := range ms {
		at[ms[i].ID] = i
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, ms[i].ID, 10)
	}
	rows, err := t.QueryContext(ctx, `SELECT m.post, m.brand FROM json_each(?) j CROSS JOIN mention m ON m.post = j.value`, string(append(list, ']')))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, brand int64
		if err := rows.Scan(&id, &brand); err != nil {
			return err
		}
		m := &ms[at[id]]
		m.Brands = append(m.Brands, s.words.text(brand))
	}
	for i := range ms {
		slices.Sort(ms[i].Brands)
	}
	return rows.Err()
}

// Totals is how many mentions were ever counted: what a scraped counter starts
// from. It never falls.
func (s *Reader) Totals(ctx context.Context) ([]Total, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT b.text, o.text, l.text, p.text, k.text, total FROM counted
		JOIN word b ON b.id = brand JOIN word o ON o.id = source JOIN word l ON l.id = language
		JOIN word p ON p.id = polarity JOIN word k ON k.id = kind ORDER BY 1, 2, 3, 4, 5`)
	if err != nil {
		return nil, s.failed("totals", err)
	}
	defer rows.Close()
	var all []Total
	for rows.Next() {
		var c Total
		if err := rows.Scan(&c.Brand, &c.Source, &c.Language, &c.Polarity, &c.Kind, &c.N); err != nil {
			return nil, s.failed("totals", err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("totals", err)
	}
	return all, nil
}
