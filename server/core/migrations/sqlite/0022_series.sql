-- A series (for instance the number of the fiscal drive) becomes part of a receipt's identity, so that numbering may start
-- again. Receipts stored before have none ('').
-- The old uniqueness of receipts is a constraint of the table, and SQLite cannot change one without a copy of the whole
-- table. So the constraint keeps its column under another name: `series_number` is the number, after the series and U+001F
-- where there is a series. `number` stays the number alone.
ALTER TABLE receipts RENAME COLUMN number TO series_number;
ALTER TABLE receipts ADD COLUMN series TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN number TEXT NOT NULL DEFAULT '';
UPDATE receipts SET number = series_number;

ALTER TABLE parked ADD COLUMN series TEXT NOT NULL DEFAULT '';
ALTER TABLE parked ADD COLUMN sale_series TEXT NOT NULL DEFAULT '';
DROP INDEX parked_by_identity;
CREATE UNIQUE INDEX parked_by_identity ON parked (till_id, series, shift, number, kind) WHERE refused = '';
DROP INDEX parked_by_sale;
CREATE INDEX parked_by_sale ON parked (till_id, sale_shift, sale_number, sale_series);
