package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"confianza/internal/mention"
)

// Opinion is what somebody said of a brand: scored, and not known to be news or
// the brand's own.
type Opinion struct {
	Author   string // the keyed hash; "" when nobody knows
	Text     string
	Polarity mention.Polarity // never unknown
}

// Opinions reads those of a span of event time whose text is still there, as a
// scorer version scored them, oldest first and at most so many.
func (v *Snapshot) Opinions(ctx context.Context, brand, scorer string, within mention.Span, limit int) ([]Opinion, error) {
	rows, err := v.tx.QueryContext(ctx, `SELECT p.author, s.text, w.text FROM mention m CROSS JOIN post p ON p.id = m.post
			JOIN said s ON s.id = p.said JOIN word w ON w.id = p.polarity JOIN word k ON k.id = m.kind
		WHERE m.brand = (SELECT id FROM word WHERE text = ?) AND m.at >= ? AND m.at < ? AND p.visibility = 0
			AND p.scorer = (SELECT id FROM word WHERE text = ?) AND w.text <> ? AND k.text NOT IN (?, ?)
		ORDER BY m.at, m.post LIMIT ?`,
		brand, within.From.UnixMilli(), within.To.UnixMilli(), scorer, mention.Unknown, mention.News, mention.BrandOwn, limit)
	if err != nil {
		return nil, v.s.failed("opinions of "+brand, err)
	}
	defer rows.Close()
	var all []Opinion
	for rows.Next() {
		var o Opinion
		var author []byte
		if err := rows.Scan(&author, &o.Text, &o.Polarity); err != nil {
			return nil, v.s.failed("opinions of "+brand, err)
		}
		o.Author = string(author)
		all = append(all, o)
	}
	if err := rows.Err(); err != nil {
		return nil, v.s.failed("opinions of "+brand, err)
	}
	return all, nil
}

// Votes are a brand's days counted by people, by one scorer version. They
// outlive the texts they were made of.
type Votes struct {
	Scorer string            `json:"scorer"`
	Days   map[int64]DayVote `json:"days"` // by UTC day since 1970
}

// DayVote is a day's.
type DayVote struct {
	Seen   int64   `json:"seen"`   // opinions that the rollups held when it was last looked at
	Weight float64 `json:"weight"` // of all votes; 0 where too few texts were left to count
	Sum    float64 `json:"sum"`    // of votes times scores, -1 to 1
}

func votesNote(brand string) string { return "votes/" + brand }

// KeepVotes writes a brand's votes in place of those it had.
func (s *Store) KeepVotes(ctx context.Context, brand string, v Votes) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.SetNote(ctx, votesNote(brand), b)
}

// Votes reads what [Store.KeepVotes] wrote; none when nothing was.
func (v *Snapshot) Votes(ctx context.Context, brand string) (all Votes, err error) {
	var b []byte
	err = v.tx.QueryRowContext(ctx, `SELECT value FROM fact WHERE name = ?`, "note/"+votesNote(brand)).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return Votes{}, nil
	}
	if err == nil {
		if err = json.Unmarshal(b, &all); err != nil {
			err = fmt.Errorf("what is kept is damaged: %w", err)
		}
	}
	if err != nil {
		return Votes{}, v.s.failed("votes of "+brand, err)
	}
	return all, nil
}
