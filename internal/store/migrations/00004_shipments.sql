-- +goose Up

-- Who is sent the rollups by remote write.
CREATE TABLE receiver (
  id     INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE,
  scorer INTEGER NOT NULL                -- the version whose rollups it was sent
) STRICT;

-- Hours that may differ from what a receiver was sent of them.
CREATE TABLE stale (
  receiver INTEGER NOT NULL,
  hour     INTEGER NOT NULL,             -- Unix time / 3600
  changes  INTEGER NOT NULL,             -- mentions counted or taken out since
  PRIMARY KEY (receiver, hour)
) STRICT, WITHOUT ROWID;

-- What a receiver has of an hour: sixty sums, and sixty numbers of samples that
-- make them.
CREATE TABLE sent (
  receiver INTEGER NOT NULL,
  hour     INTEGER NOT NULL,
  brand    INTEGER NOT NULL,
  source   INTEGER NOT NULL,
  language INTEGER NOT NULL,
  polarity INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  minutes  BLOB NOT NULL,
  samples  BLOB NOT NULL,
  PRIMARY KEY (receiver, hour, brand, source, language, polarity, kind)
) STRICT, WITHOUT ROWID;

-- The shipment under way: it is sent again as it was until it has arrived.
CREATE TABLE shipment (
  receiver INTEGER NOT NULL,
  minute   INTEGER NOT NULL,             -- Unix time / 60
  brand    INTEGER NOT NULL,
  source   INTEGER NOT NULL,
  language INTEGER NOT NULL,
  polarity INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  slot     INTEGER NOT NULL,             -- samples sent of this minute before
  delta    INTEGER NOT NULL,
  PRIMARY KEY (receiver, minute, brand, source, language, polarity, kind)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE shipment; DROP TABLE sent; DROP TABLE stale; DROP TABLE receiver;
