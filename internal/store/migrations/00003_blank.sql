-- +goose Up

-- Rows of table said that hold blanks only, until their room is reclaimed.
CREATE TABLE blank (said INTEGER PRIMARY KEY) STRICT;

-- +goose Down
DROP TABLE blank;
