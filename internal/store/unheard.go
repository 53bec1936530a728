package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"confianza/internal/mention"
)

// listenedFor is the name of the fact that has the brands listened for last.
const listenedFor = "listened for"

// ever bounds stretches that have no beginning or no end, in milliseconds.
const ever = 1 << 52

// Listen says which brands are listened for from now on: each source from where
// it was last heard to, since it goes on from there. A brand that is new was
// not listened for before, and one that is left out is not any more: what a
// source was heard then says nothing about it, see [Unheard]. An [Intake] of
// the past makes up for it.
func (s *Store) Listen(ctx context.Context, brands []string) error {
	return s.listen(ctx, func([]string) []string { return brands })
}

// ListenToo adds brands to those listened for.
func (s *Store) ListenToo(ctx context.Context, brands []string) error {
	return s.listen(ctx, func(before []string) []string { return slices.Concat(before, lacking(brands, before)) })
}

func (s *Store) listen(ctx context.Context, change func(before []string) (after []string)) error {
	return s.inTx(ctx, "listen", func(t *tx) error {
		before, err := t.listenedFor()
		if err != nil {
			return err
		}
		after := change(before)
		if err := t.listen(before, after); err != nil {
			return err
		}
		note, err := json.Marshal(after)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, listenedFor, note)
		return err
	})
}

// listenedFor are the brands listened for last; in a store from before that was
// noted, those that were ever counted.
func (t *tx) listenedFor() (brands []string, err error) {
	var note []byte
	known, err := t.find(`SELECT value FROM fact WHERE name = ?`, []any{listenedFor}, &note)
	if err != nil {
		return nil, err
	}
	if known {
		if err := json.Unmarshal(note, &brands); err != nil {
			return nil, fmt.Errorf("fact %q: %w", listenedFor, err)
		}
		return brands, nil
	}
	rows, err := t.query(`SELECT DISTINCT text FROM series JOIN word ON word.id = brand`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b string
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		brands = append(brands, b)
	}
	return brands, rows.Err()
}

// listen notes what changes with other brands.
func (t *tx) listen(before, after []string) error {
	for _, b := range lacking(after, before) {
		brand, err := t.words.learn(t, b)
		if err != nil {
			return err
		}
		// One that comes back was unheard since it left; another, since ever.
		_, err = t.exec(`INSERT INTO unheard (source, brand, since, until)
			SELECT source, ?1, coalesce((SELECT max(since) FROM unheard u WHERE u.source = cover.source AND u.brand = ?1 AND u.until = ?2), -?2), max(until)
			FROM cover GROUP BY source
			ON CONFLICT DO UPDATE SET until = excluded.until`, brand, ever)
		if err != nil {
			return fmt.Errorf("listen for %s: %w", b, err)
		}
	}
	for _, b := range lacking(before, after) {
		_, err := t.exec(`INSERT INTO unheard (source, brand, since, until) SELECT source, ?, max(until), ? FROM cover GROUP BY source
			ON CONFLICT DO UPDATE SET until = excluded.until`, t.words.find(b), ever)
		if err != nil {
			return fmt.Errorf("listen no more for %s: %w", b, err)
		}
	}
	return nil
}

// lacking are the strings of a that b lacks.
func lacking(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// listened takes a stretch that a source was heard in out of what is unheard of
// the brands it was heard for.
func listened(t *tx, source int64, brands []string, since, until int64) error {
	rows, err := t.query(`SELECT brand, since, until FROM unheard WHERE source = ? AND until > ? AND since < ?`, source, since, until)
	if err != nil {
		return fmt.Errorf("unheard: %w", err)
	}
	defer rows.Close()
	type stretch struct{ brand, since, until int64 }
	var met []stretch
	for rows.Next() {
		var u stretch
		if err := rows.Scan(&u.brand, &u.since, &u.until); err != nil {
			return fmt.Errorf("unheard: %w", err)
		}
		if slices.ContainsFunc(brands, func(b string) bool { return t.words.find(b) == u.brand }) {
			met = append(met, u)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("unheard: %w", err)
	}
	for _, u := range met {
		if _, err := t.exec(`DELETE FROM unheard WHERE source = ? AND brand = ? AND since = ?`, source, u.brand, u.since); err != nil {
			return fmt.Errorf("unheard: %w", err)
		}
		for _, left := range []stretch{{u.brand, u.since, min(u.until, since)}, {u.brand, max(u.since, until), u.until}} {
			if left.since >= left.until {
				continue
			}
			if _, err := t.exec(`INSERT INTO unheard (source, brand, since, until) VALUES (?, ?, ?, ?)`, source, left.brand, left.since, left.until); err != nil {
				return fmt.Errorf("unheard: %w", err)
			}
		}
	}
	return nil
}

// Unheard are the stretches in which a brand was not listened for in a source
// that may have been heard. Where there is nothing, it was whenever the source
// was heard.
type Unheard map[Ear][]mention.Span

// Ear is a brand listened for in a source.
type Ear struct{ Brand, Source string }

// Heard is what a source was heard for a brand, of all it was heard: sorted and
// apart, as heard is.
func (u Unheard) Heard(e Ear, heard []mention.Span) []mention.Span {
	for _, hole := range u[e] {
		heard = without(heard, hole)
	}
	return heard
}

func without(spans []mention.Span, hole mention.Span) (left []mention.Span) {
	for _, s := range spans {
		if !s.To.After(hole.From) || !s.From.Before(hole.To) {
			left = append(left, s)
			continue
		}
		if s.From.Before(hole.From) {
			left = append(left, mention.Span{From: s.From, To: hole.From})
		}
		if hole.To.Before(s.To) {
			left = append(left, mention.Span{From: hole.To, To: s.To})
		}
	}
	return left
}

// Unheard gives what brands were not listened for in.
func (s *Reader) Unheard(ctx context.Context) (Unheard, error) {
	return s.unheard(ctx, s.read)
}

// Unheard gives what brands were not listened for in.
func (v *Snapshot) Unheard(ctx context.Context) (Unheard, error) {
	return v.s.unheard(ctx, v.tx)
}

func (s *Reader) unheard(ctx context.Context, db querier) (Unheard, error) {
	rows, err := db.QueryContext(ctx, `SELECT b.text, s.text, since, until FROM unheard
		JOIN word b ON b.id = brand JOIN word s ON s.id = source ORDER BY brand, source, since`)
	if err != nil {
		return nil, s.failed("unheard", err)
	}
	defer rows.Close()
	u := Unheard{}
	for rows.Next() {
		var e Ear
		var since, until int64
		if err := rows.Scan(&e.Brand, &e.Source, &since, &until); err != nil {
			return nil, s.failed("unheard", err)
		}
		u[e] = append(u[e], mention.Span{From: time.UnixMilli(since).UTC(), To: time.UnixMilli(until).UTC()})
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("unheard", err)
	}
	return u, nil
}
