-- +goose Up

-- The words of what may be shown, by position in the log. It keeps no text, so
-- a row is taken out by its number alone: the words stay in the index's pages,
-- out of reach, until the segments that hold them are merged. Pages of 1000
-- bytes are filled faster than the usual ones, and take no more room.
CREATE VIRTUAL TABLE search USING fts5(text, content='', contentless_delete=1, detail=column,
  tokenize="unicode61 remove_diacritics 2");
INSERT INTO search (search, rank) VALUES ('pgsz', 1000);

-- Serves the latest of one source.
CREATE INDEX post_source_at ON post (source, at);

-- +goose Down
DROP INDEX post_source_at; DROP TABLE search;
