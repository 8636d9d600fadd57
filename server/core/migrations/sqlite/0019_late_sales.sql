-- Sales that come later than they were made: who sent them and when, whom the log's line names as cashier, and those that
-- are held until somebody has looked at them.
ALTER TABLE receipts ADD COLUMN sender_staff_id BLOB REFERENCES staff (id);
ALTER TABLE receipts ADD COLUMN sent_late_at BIGINT;
CREATE INDEX receipts_sent_late ON receipts (member_id, sent_late_at) WHERE sent_late_at IS NOT NULL;
CREATE INDEX receipts_by_till ON receipts (till_id, at);
ALTER TABLE parked ADD COLUMN sender_staff_id BLOB REFERENCES staff (id);
ALTER TABLE parked ADD COLUMN held TEXT NOT NULL DEFAULT '';
CREATE INDEX parked_held ON parked (created_at) WHERE held <> '';
ALTER TABLE audit ADD COLUMN named_staff_id BLOB;
