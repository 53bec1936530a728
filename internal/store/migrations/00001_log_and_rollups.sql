-- +goose Up

-- Every label value once: brands, sources, languages, scorer versions and the
-- other closed sets.
CREATE TABLE word (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- What points at a person. Its rows only come at the end, and are erased by
-- writing blanks of the same length over them, never by deleting them: SQLite
-- leaves copies of rows in the unused parts of pages when it moves them to
-- other pages, and secure_delete does not find those. Nothing moves here.
CREATE TABLE said (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  native TEXT NOT NULL,
  url    TEXT NOT NULL,
  text   TEXT NOT NULL
) STRICT;

-- The log. One row a post that names a brand, in the order it was stored; the
-- id is the position a stage's bookmark points at, so a newer revision moves
-- its post to the end.
CREATE TABLE post (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  key        BLOB NOT NULL UNIQUE,       -- keyed hash of source and native id; outlives deletion
  source     INTEGER NOT NULL,
  revision   TEXT NOT NULL,
  author     BLOB,                       -- keyed hash; null once deleted or when unknown
  said       INTEGER,                    -- null once deleted, past its retention, or naming no brand any more
  declared   TEXT NOT NULL,
  at         INTEGER NOT NULL,           -- event time, Unix milliseconds
  seen       INTEGER NOT NULL,           -- Unix milliseconds
  form       INTEGER NOT NULL,
  followers  INTEGER NOT NULL,
  visibility INTEGER NOT NULL DEFAULT 0, -- 0 shown, 1 hidden, 2 deleted
  language   INTEGER,                    -- these six are null until scored
  polarity   INTEGER,
  negative   REAL,
  neutral    REAL,
  positive   REAL,
  scorer     INTEGER
) STRICT;
CREATE INDEX post_author ON post (author) WHERE author IS NOT NULL;
CREATE INDEX post_at ON post (at);

-- Scores of earlier scorer versions that are still in the rollups, for posts
-- that another version has scored since.
CREATE TABLE past (
  post     INTEGER NOT NULL,
  scorer   INTEGER NOT NULL,
  language INTEGER NOT NULL,
  polarity INTEGER NOT NULL,
  PRIMARY KEY (post, scorer)
) STRICT, WITHOUT ROWID;

-- One row for each brand a post names.
CREATE TABLE mention (
  post    INTEGER NOT NULL,
  brand   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  kind    INTEGER NOT NULL,
  counted INTEGER NOT NULL DEFAULT 0,    -- 1 once it is in table counted
  PRIMARY KEY (post, brand)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_brand_at ON mention (brand, at);

-- Deletions that came before their post, for the source's replay window.
CREATE TABLE tombstone (
  key BLOB PRIMARY KEY,
  at  INTEGER NOT NULL                   -- when we heard of it, Unix milliseconds
) STRICT, WITHOUT ROWID;
CREATE TABLE author_gone (
  author BLOB PRIMARY KEY,
  hidden INTEGER NOT NULL,               -- 1 may come back
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
  source INTEGER PRIMARY KEY,
  value  TEXT NOT NULL
) STRICT;

-- Stretches of source time a source was heard in, Unix milliseconds.
CREATE TABLE cover (
  source INTEGER NOT NULL,
  since  INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  PRIMARY KEY (source, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
  name    TEXT PRIMARY KEY,
  through INTEGER NOT NULL,              -- the last post this stage has done
  version TEXT NOT NULL                  -- what it was done with
) STRICT;

-- Mentions per minute of event time, by scorer version: one row a series and
-- hour, the sixty minutes packed as varints.
CREATE TABLE series (
  id       INTEGER PRIMARY KEY,
  brand    INTEGER NOT NULL,
  source   INTEGER NOT NULL,
  language INTEGER NOT NULL,
  polarity INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  scorer   INTEGER NOT NULL,
  UNIQUE (brand, source, language, polarity, kind, scorer)
) STRICT;
CREATE TABLE rollup (
  series  INTEGER NOT NULL,
  hour    INTEGER NOT NULL,              -- Unix time / 3600
  total   INTEGER NOT NULL,
  minutes BLOB NOT NULL,
  PRIMARY KEY (series, hour)
) STRICT, WITHOUT ROWID;

-- Mentions ever counted, by their first score: only grows, so that the scraped
-- counter restored from it never falls.
CREATE TABLE counted (
  brand    INTEGER NOT NULL,
  source   INTEGER NOT NULL,
  language INTEGER NOT NULL,
  polarity INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  total    INTEGER NOT NULL,
  PRIMARY KEY (brand, source, language, polarity, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- +goose Down
DROP TABLE fact; DROP TABLE counted; DROP TABLE rollup; DROP TABLE series; DROP TABLE stage; DROP TABLE cover;
DROP TABLE cursor; DROP TABLE author_gone; DROP TABLE tombstone; DROP TABLE mention; DROP TABLE past; DROP TABLE post;
DROP TABLE said; DROP TABLE word;
