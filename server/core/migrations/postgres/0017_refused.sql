-- A parked receipt that was refused keeps its key, for its till to ask after, and no longer its number: the till may send
-- the receipt again, put right.
ALTER TABLE parked DROP CONSTRAINT parked_till_id_shift_number_kind_key;
CREATE UNIQUE INDEX parked_by_identity ON parked (till_id, shift, number, kind) WHERE refused = '';
