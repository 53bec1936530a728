package store

import (
	"database/sql"
	"fmt"
)

// scoreAll writes scores, many with one statement, and gathers in c what they
// change in the rollups. Scores of posts that are not there are passed over.
func scoreAll(t *tx, c *tally, scores []Scored) error {
	for len(scores) > 0 {
		n := distinct(scores[:atOnce(len(scores))])
		n = atOnce(n)
		if err := scoreSome(t, c, scores[:n]); err != nil {
			return fmt.Errorf("scores of mentions %d to %d: %w", scores[0].ID, scores[n-1].ID, err)
		}
		scores = scores[n:]
	}
	return nil
}

// distinct is how many scores there are before a post comes again: its second
// score replaces the first.
func distinct(scores []Scored) int {
	seen := make(map[int64]bool, len(scores))
	for i, sc := range scores {
		if seen[sc.ID] {
			return i
		}
		seen[sc.ID] = true
	}
	return len(scores)
}

func scoreSome(t *tx, c *tally, scores []Scored) error {
	ids := make([]int64, len(scores))
	for i, sc := range scores {
		ids[i] = sc.ID
	}
	posts, err := t.posts(ids)
	if err != nil {
		return err
	}
	values := make([]any, 0, 7*len(scores))
	for _, sc := range scores {
		p := posts[sc.ID]
		var given [3]int64
		for i, word := range []string{sc.Score.Language, string(sc.Score.Polarity), sc.Score.Scorer} {
			if given[i], err = t.words.learn(t, word); err != nil {
				return err
			}
		}
		if p != nil {
			if err := t.retire(c, p, sc.ID, given[2]); err != nil {
				return err
			}
			p.language, p.polarity, p.scorer = given[0], given[1], given[2]
			c.count(p)
		}
		values = append(values, sc.ID, given[0], given[1], sc.Score.Negative, sc.Score.Neutral, sc.Score.Positive, given[2])
	}
	if err := t.counted(ids); err != nil {
		return err
	}
	_, err = t.exec(t.hot.text(len(scores), `WITH given (id, language, polarity, negative, neutral, positive, scorer) AS (VALUES `, `(?, ?, ?, ?, ?, ?, ?)`,
		`) UPDATE post SET language = given.language, polarity = given.polarity, negative = given.negative, neutral = given.neutral,
		positive = given.positive, scorer = given.scorer FROM given WHERE post.id = given.id`), values...)
	return err
}

func (t *tx) counted(ids []int64) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	_, err := t.exec(t.hot.text(len(ids), `UPDATE mention SET counted = 1 WHERE counted = 0 AND post IN (`, `?`, `)`), args...)
	return err
}

// post is what rollups need of a post; label numbers are 0 until it is scored.
type post struct {
	source, language, polarity, scorer int64
	author                             []byte // nil when nobody knows
	mentions                           []named
}

type named struct {
	brand, kind, at int64
	counted         bool
}

func (p *post) strand(m named) strand {
	return strand{m.brand, p.source, p.language, p.polarity, m.kind, p.scorer}
}

func (t *tx) post(id int64) (*post, error) {
	found, err := t.posts([]int64{id})
	if err == nil && found[id] == nil {
		err = sql.ErrNoRows
	}
	return found[id], err
}

// posts reads posts by their positions; those that are not there are missing.
func (t *tx) posts(ids []int64) (map[int64]*post, error) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := t.query(t.hot.text(len(ids), `WITH asked (id) AS (VALUES `, `(?)`, `)
		SELECT p.id, p.source, coalesce(p.language, 0), coalesce(p.polarity, 0), coalesce(p.scorer, 0), p.author, m.brand, m.kind, m.at, m.counted
		FROM asked CROSS JOIN post p ON p.id = asked.id LEFT JOIN mention m ON m.post = p.id`), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[int64]*post, len(ids))
	for rows.Next() {
		var id int64
		var p post
		var brand, kind, at sql.NullInt64
		var counted sql.NullBool
		if err := rows.Scan(&id, &p.source, &p.language, &p.polarity, &p.scorer, &p.author, &brand, &kind, &at, &counted); err != nil {
			return nil, err
		}
		if found[id] == nil {
			found[id] = &p
		}
		if brand.Valid {
			found[id].mentions = append(found[id].mentions, named{brand.Int64, kind.Int64, at.Int64, counted.Bool})
		}
	}
	return found, rows.Err()
}
