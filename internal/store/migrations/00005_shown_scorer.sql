-- +goose Up

-- Whose results are shown while everything is done again with another version:
-- those of the earlier one, until the bookmark has passed where the log ended
-- when the change was made.
ALTER TABLE stage ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE stage ADD COLUMN until INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE stage DROP COLUMN shown; ALTER TABLE stage DROP COLUMN until;
