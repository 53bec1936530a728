-- +goose Up

-- Who named a brand on a UTC day: each is one of table voice. An index of the
-- log by day and author would find the same, and be written at intake.
CREATE TABLE spoke (
  day    INTEGER NOT NULL,               -- Unix time / 86400
  brand  INTEGER NOT NULL,
  author BLOB NOT NULL,                  -- the first eight bytes of the keyed hash
  posts  INTEGER NOT NULL,               -- of theirs that are counted and not erased
  gone   INTEGER,                        -- when the last of them was deleted, Unix milliseconds; forgotten after the replay window
  PRIMARY KEY (day, brand, author)
) STRICT, WITHOUT ROWID;
INSERT INTO spoke (day, brand, author, posts)
  SELECT (m.at + 86400000 * 100000) / 86400000 - 100000, m.brand, substr(p.author, 1, 8), count(*)
  FROM mention m CROSS JOIN post p ON p.id = m.post WHERE p.author IS NOT NULL AND m.counted = 1 GROUP BY 1, 2, 3;
CREATE INDEX spoke_gone ON spoke (gone) WHERE gone IS NOT NULL;
DROP INDEX post_day_author;

-- +goose Down
CREATE INDEX post_day_author ON post (at / 86400000, author) WHERE author IS NOT NULL;
DROP TABLE spoke;
