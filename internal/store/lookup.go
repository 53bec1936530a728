package store

import (
	"database/sql"

	"confianza/internal/mention"
)

// standing is what the store knows of a post before it comes in.
type standing struct {
	known      bool
	id         int64 // these three of a known one
	revision   string
	visibility mention.Visibility
	hidden     bool // its author is hidden
	blocked    bool // its deletion, or that of all of its author's, came before it
}

// standings looks up many posts at once. Those that nothing is known of, nearly
// all, give no row.
func standings(t *tx, keys [][]byte, ms []mention.Mention) ([]standing, error) {
	all := make([]standing, len(ms))
	for from := 0; from < len(ms); {
		to := from + atOnce(len(ms)-from)
		if err := lookUp(t, keys[from:to], ms[from:to], all[from:to]); err != nil {
			return nil, err
		}
		from = to
	}
	return all, nil
}

// lookUp fills into.
func lookUp(t *tx, keys [][]byte, ms []mention.Mention, into []standing) error {
	clear(into)
	args := make([]any, 0, 2*len(ms))
	for i := range ms {
		args = append(args, keys[i], authorBytes(ms[i].Author))
	}
	found, err := t.query(t.hot.text(len(ms), `WITH asked (i, key, author) AS (VALUES `, `(#, ?, ?)`, `)
		SELECT i, p.id, p.revision, p.visibility, d.key IS NOT NULL, g.hidden FROM asked
		LEFT JOIN post p ON p.key = asked.key LEFT JOIN tombstone d ON d.key = asked.key
		LEFT JOIN author_gone g ON g.author = asked.author
		WHERE p.id IS NOT NULL OR d.key IS NOT NULL OR g.author IS NOT NULL`), args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var i int
		var id, visibility sql.NullInt64
		var revision sql.NullString
		var tombstone bool
		var hidden sql.NullBool
		if err := found.Scan(&i, &id, &revision, &visibility, &tombstone, &hidden); err != nil {
			return err
		}
		into[i-1] = standing{
			known: id.Valid, id: id.Int64, revision: revision.String, visibility: mention.Visibility(visibility.Int64),
			hidden: hidden.Valid && hidden.Bool, blocked: tombstone || hidden.Valid && !hidden.Bool,
		}
	}
	return found.Err()
}
