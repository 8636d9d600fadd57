-- A till's key may be renewed while the old one goes on for a while; and links that bring a shopper's phone to joining.
ALTER TABLE tills ADD COLUMN key_made_at BIGINT;
ALTER TABLE tills ADD COLUMN old_key_hash BYTEA;
ALTER TABLE tills ADD COLUMN old_key_ends_at BIGINT;
UPDATE tills SET key_made_at = created_at WHERE key_hash IS NOT NULL;
CREATE UNIQUE INDEX tills_by_old_key ON tills (old_key_hash);

-- Forgotten after a day: a phone is kept no longer than the counting of its messages needs.
CREATE TABLE invitations (
    id          UUID PRIMARY KEY,
    token_hash  BYTEA  NOT NULL UNIQUE,
    phone       TEXT   NOT NULL,
    till_id     UUID   NOT NULL REFERENCES tills (id),
    origin      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT
);
CREATE INDEX invitations_by_phone ON invitations (phone, created_at);
CREATE INDEX invitations_by_till ON invitations (till_id, created_at);
