-- The unit in which a line's quantity is counted; lines from before it was sent are counted in pieces.
ALTER TABLE receipt_lines ADD COLUMN unit TEXT NOT NULL DEFAULT 'piece';

-- What is left of a sale without the categories that its programme excludes: money and points for levels, and money for
-- goods that make the receipt a purchase. Of sales from before there were such exclusions everything counts.
ALTER TABLE receipts ADD COLUMN counted_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN counted_points BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN purchase_total BIGINT NOT NULL DEFAULT 0;
UPDATE receipts SET counted_total = kept_total, counted_points = kept_points, purchase_total = kept_total
WHERE kind = 'sale';

DROP INDEX receipts_by_member;
CREATE INDEX receipts_by_member ON receipts (member_id, at, counted_total, counted_points, purchase_total);
