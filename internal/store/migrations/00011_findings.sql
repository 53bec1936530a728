-- +goose Up

-- What the detectors found of a brand, minute by minute: see finding.go.
CREATE TABLE finding (
  brand   INTEGER NOT NULL,
  hour    INTEGER NOT NULL,              -- Unix time / 3600
  minutes BLOB NOT NULL,
  PRIMARY KEY (brand, hour)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE finding;
