-- A parked receipt that was refused keeps its key, for its till to ask after, and no longer its number: the till may send
-- the receipt again, put right.
ALTER TABLE parked RENAME TO parked_before;
CREATE TABLE parked (
    id          BLOB PRIMARY KEY,
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    staff_id    BLOB REFERENCES staff (id),
    member_id   BLOB,
    kind        TEXT   NOT NULL CHECK (kind IN ('sale', 'return')),
    key         TEXT   NOT NULL,
    body_hash   BLOB   NOT NULL,
    draft       TEXT   NOT NULL,
    shown       TEXT   NOT NULL DEFAULT '',
    shift       TEXT   NOT NULL,
    number      TEXT   NOT NULL,
    sale_shift  TEXT   NOT NULL DEFAULT '',
    sale_number TEXT   NOT NULL DEFAULT '',
    due_at      BIGINT,
    created_at  BIGINT NOT NULL,
    refused     TEXT   NOT NULL DEFAULT '',
    UNIQUE (till_id, key)
);
INSERT INTO parked SELECT * FROM parked_before;
DROP TABLE parked_before;
CREATE UNIQUE INDEX parked_by_identity ON parked (till_id, shift, number, kind) WHERE refused = '';
CREATE INDEX parked_by_due ON parked (due_at);
CREATE INDEX parked_by_sale ON parked (till_id, sale_shift, sale_number);
