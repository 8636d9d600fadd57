-- Returns: how a sale was judged, what is left of it, and allocations that give back. Parked receipts wait here for
-- their time or for their sale.
ALTER TABLE receipts ADD COLUMN judgement TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN kept_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN kept_points BIGINT NOT NULL DEFAULT 0;
UPDATE receipts SET kept_total = total - discount,
    kept_points = (SELECT CAST(COALESCE(SUM(earned), 0) AS BIGINT) FROM receipt_lines
        WHERE receipt_id = receipts.id)
WHERE kind = 'sale';

DROP INDEX receipts_by_member;
CREATE INDEX receipts_by_member ON receipts (member_id, at, kept_total, kept_points);
CREATE INDEX receipts_by_sale ON receipts (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX lots_by_receipt ON lots (receipt_id);

ALTER TABLE allocations DROP CONSTRAINT allocations_points_check;
ALTER TABLE allocations ADD CHECK (points <> 0);
CREATE INDEX allocations_by_lot ON allocations (lot_id);

CREATE TABLE parked (
    id          UUID PRIMARY KEY,
    till_id     UUID   NOT NULL REFERENCES tills (id),
    staff_id    UUID REFERENCES staff (id),
    member_id   UUID,
    kind        TEXT   NOT NULL CHECK (kind IN ('sale', 'return')),
    key         TEXT   NOT NULL,
    body_hash   BYTEA  NOT NULL,
    draft       TEXT   NOT NULL,
    shown       TEXT   NOT NULL DEFAULT '',
    shift       TEXT   NOT NULL,
    number      TEXT   NOT NULL,
    sale_shift  TEXT   NOT NULL DEFAULT '',
    sale_number TEXT   NOT NULL DEFAULT '',
    due_at      BIGINT,
    created_at  BIGINT NOT NULL,
    refused     TEXT   NOT NULL DEFAULT '',
    UNIQUE (till_id, key),
    UNIQUE (till_id, shift, number, kind)
);
CREATE INDEX parked_by_due ON parked (due_at);
CREATE INDEX parked_by_sale ON parked (till_id, sale_shift, sale_number);
