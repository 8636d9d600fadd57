-- A visit may spend until its first commit; when that was.
ALTER TABLE visits ADD COLUMN used_at BIGINT;
-- The secret that a device had before its present one, and when it was replaced: its codes stay valid for a minute.
ALTER TABLE devices ADD COLUMN former_secret BLOB;
ALTER TABLE devices ADD COLUMN replaced_at BIGINT;
CREATE INDEX devices_by_replacement ON devices (replaced_at) WHERE replaced_at IS NOT NULL;
-- Wrong codes and unknown cards that tills have sent, by till and by a hash of the card number.
CREATE TABLE wrong_codes (
    id         BLOB PRIMARY KEY,
    till_id    BLOB   NOT NULL REFERENCES tills (id),
    card_hash  BLOB   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX wrong_codes_by_till ON wrong_codes (till_id, at);
CREATE INDEX wrong_codes_by_card ON wrong_codes (card_hash, at);
CREATE INDEX wrong_codes_by_time ON wrong_codes (at);
