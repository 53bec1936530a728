-- +goose Up

-- Stretches in which a source was heard, or may have been, but a brand was not
-- listened for: from before it was configured, or after it was taken out.
CREATE TABLE unheard (
  source INTEGER NOT NULL,
  brand  INTEGER NOT NULL,
  since  INTEGER NOT NULL,               -- Unix milliseconds
  until  INTEGER NOT NULL,
  PRIMARY KEY (source, brand, since)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE unheard;
