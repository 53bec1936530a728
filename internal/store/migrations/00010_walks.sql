-- +goose Up

-- The latest of all are merged from the latest of each source.
DROP INDEX post_at;

-- +goose Down
CREATE INDEX post_at ON post (at);
