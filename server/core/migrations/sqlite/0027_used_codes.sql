-- The first use of a rotating code, also by a sale that waits for its time or is held, which is no receipt yet.
CREATE TABLE used_codes (
    device_id  BLOB   NOT NULL REFERENCES devices (id),
    step       BIGINT NOT NULL,
    member_id  BLOB   NOT NULL,
    till_id    BLOB   NOT NULL REFERENCES tills (id),
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (device_id, step)
);
INSERT INTO used_codes (device_id, step, member_id, till_id, used_at)
    SELECT s.device_id, s.step, s.member_id, r.till_id, r.received_at
    FROM spent_codes s JOIN receipts r ON r.id = s.receipt_id;
DROP TABLE spent_codes;
ALTER TABLE used_codes RENAME TO spent_codes;
CREATE INDEX spent_codes_by_step ON spent_codes (step);
