package store

import (
	"context"

	"confianza/internal/mention"
)

// Voices is who speaks of a brand in a span.
type Voices struct {
	Authors   int64 // distinct authors, as far as they are known
	Mentions  int64 // all mentions in the log, scored or not
	Anonymous int64 // of them those without an author: never told, or erased since by a deletion or retention
}

// Voices counts a brand's authors in a span of event time. It goes through the
// span's mentions, and is the only count that does: sets of authors do not add
// up from hour to hour. What retention erases it cannot count any more.
func (s *Reader) Voices(ctx context.Context, brand string, within mention.Span) (v Voices, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT count(DISTINCT p.author), count(*), count(*) - count(p.author)
		FROM mention m CROSS JOIN post p ON p.id = m.post WHERE m.brand = ? AND m.at >= ? AND m.at < ?`,
		s.words.find(brand), within.From.UnixMilli(), within.To.UnixMilli()).Scan(&v.Authors, &v.Mentions, &v.Anonymous)
	if err != nil {
		return v, s.failed("voices of "+brand, err)
	}
	return v, nil
}
