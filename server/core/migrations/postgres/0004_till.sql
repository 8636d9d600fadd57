-- The till's side: visits, codes already spent with, answers to repeat, and who looked at whom.
CREATE TABLE visits (
    token_hash  BYTEA PRIMARY KEY,
    till_id     UUID   NOT NULL REFERENCES tills (id),
    member_id   UUID   NOT NULL REFERENCES members (id),
    scheme      TEXT   NOT NULL CHECK (scheme IN ('rotating', 'fixed', 'ean')),
    device_id   UUID,
    step        BIGINT,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE spent_codes (
    device_id   UUID   NOT NULL REFERENCES devices (id),
    step        BIGINT NOT NULL,
    member_id   UUID   NOT NULL,
    receipt_id  UUID   NOT NULL REFERENCES receipts (id),
    PRIMARY KEY (device_id, step)
);

CREATE TABLE idempotency (
    till_id     UUID   NOT NULL REFERENCES tills (id),
    key         TEXT COLLATE "C"   NOT NULL,
    body_hash   BYTEA  NOT NULL,
    receipt_id  UUID   NOT NULL REFERENCES receipts (id),
    answer      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (till_id, key)
);

CREATE TABLE lookups (
    id         UUID PRIMARY KEY,
    till_id    UUID   NOT NULL REFERENCES tills (id),
    staff_id   UUID,
    member_id  UUID,
    outcome    TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX lookups_by_member ON lookups (member_id, at);
