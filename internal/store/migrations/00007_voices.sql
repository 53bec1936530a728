-- +goose Up

-- How many authors named a brand on a UTC day. It outlives them: what is erased
-- later was a voice that day all the same.
CREATE TABLE voice (
  brand INTEGER NOT NULL,
  day   INTEGER NOT NULL,                -- Unix time / 86400
  n     INTEGER NOT NULL,
  PRIMARY KEY (brand, day)
) STRICT, WITHOUT ROWID;
INSERT INTO voice SELECT m.brand, (m.at + 86400000 * 100000) / 86400000 - 100000, count(DISTINCT p.author)
  FROM mention m CROSS JOIN post p ON p.id = m.post WHERE p.author IS NOT NULL AND m.counted = 1 GROUP BY 1, 2;

-- Finds what else an author said that day; new posts change pages of their day
-- only.
CREATE INDEX post_day_author ON post (at / 86400000, author) WHERE author IS NOT NULL;

-- +goose Down
DROP INDEX post_day_author; DROP TABLE voice;
