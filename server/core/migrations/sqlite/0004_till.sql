-- The till's side: visits, codes already spent with, answers to repeat, and who looked at whom.
CREATE TABLE visits (
    token_hash  BLOB PRIMARY KEY,
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    member_id   BLOB   NOT NULL REFERENCES members (id),
    scheme      TEXT   NOT NULL CHECK (scheme IN ('rotating', 'fixed', 'ean')),
    device_id   BLOB,
    step        BIGINT,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE spent_codes (
    device_id   BLOB   NOT NULL REFERENCES devices (id),
    step        BIGINT NOT NULL,
    member_id   BLOB   NOT NULL,
    receipt_id  BLOB   NOT NULL REFERENCES receipts (id),
    PRIMARY KEY (device_id, step)
);

CREATE TABLE idempotency (
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    key         TEXT   NOT NULL,
    body_hash   BLOB   NOT NULL,
    receipt_id  BLOB   NOT NULL REFERENCES receipts (id),
    answer      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (till_id, key)
);

CREATE TABLE lookups (
    id         BLOB PRIMARY KEY,
    till_id    BLOB   NOT NULL REFERENCES tills (id),
    staff_id   BLOB,
    member_id  BLOB,
    outcome    TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX lookups_by_member ON lookups (member_id, at);
