-- +goose Up

-- By stretches of 4,096 positions in the log, so that new posts change pages of
-- the last stretch only, however long the log is.
DROP INDEX post_author;
CREATE INDEX post_author ON post (id >> 12, author) WHERE author IS NOT NULL;

-- Those to show again when their author returns; few.
CREATE INDEX post_hidden ON post (author) WHERE visibility = 1;

-- +goose Down
DROP INDEX post_hidden; DROP INDEX post_author;
CREATE INDEX post_author ON post (author) WHERE author IS NOT NULL;
