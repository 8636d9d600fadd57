-- What a chain sells, so that lines at a till need no typing; and the owner's word for spending, given on a device of
-- their own when the card was shown in a form that may not spend.
CREATE TABLE products (
    sku         TEXT PRIMARY KEY NOT NULL,
    name        TEXT   NOT NULL,
    -- Name and code in small letters: neither engine's LIKE folds Cyrillic the same way.
    folded      TEXT   NOT NULL,
    category    TEXT   NOT NULL,
    price       BIGINT CHECK (price > 0),
    updated_at  BIGINT NOT NULL
);

CREATE TABLE product_barcodes (
    barcode  TEXT PRIMARY KEY NOT NULL,
    sku      TEXT NOT NULL REFERENCES products (sku)
);
CREATE INDEX product_barcodes_by_product ON product_barcodes (sku);

CREATE TABLE confirmations (
    id           UUID PRIMARY KEY,
    member_id    UUID   NOT NULL REFERENCES members (id),
    till_id      UUID   NOT NULL REFERENCES tills (id),
    staff_id     UUID REFERENCES staff (id),
    visit_hash   BYTEA  NOT NULL,
    points       BIGINT NOT NULL CHECK (points > 0),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    answered_at  BIGINT,
    answer       TEXT   NOT NULL DEFAULT '' CHECK (answer IN ('', 'yes', 'no')),
    device_id    UUID REFERENCES devices (id),
    receipt_id   UUID REFERENCES receipts (id)
);
CREATE INDEX confirmations_by_member ON confirmations (member_id, expires_at);
CREATE INDEX confirmations_by_visit ON confirmations (visit_hash);
CREATE INDEX confirmations_by_end ON confirmations (expires_at) WHERE receipt_id IS NULL;
