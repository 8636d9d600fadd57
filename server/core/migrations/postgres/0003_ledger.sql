-- Receipts and the append-only ledger of points. Entries and allocations are never changed or deleted.
CREATE TABLE receipts (
    id                 UUID PRIMARY KEY,
    store_id           UUID   NOT NULL REFERENCES stores (id),
    till_id            UUID   NOT NULL REFERENCES tills (id),
    kind               TEXT COLLATE "C"   NOT NULL CHECK (kind IN ('sale', 'return')),
    shift              TEXT COLLATE "C"   NOT NULL,
    number             TEXT COLLATE "C"   NOT NULL,
    at                 BIGINT NOT NULL,
    received_at        BIGINT NOT NULL,
    member_id          UUID REFERENCES members (id),
    staff_id           UUID REFERENCES staff (id),
    sale_id            UUID REFERENCES receipts (id),
    programme_version  BIGINT NOT NULL,
    tier               TEXT   NOT NULL DEFAULT '',
    total              BIGINT NOT NULL,
    discount           BIGINT NOT NULL,
    paid_by_points     BIGINT NOT NULL,
    evaluation         TEXT   NOT NULL,
    UNIQUE (till_id, shift, number, kind)
);
CREATE INDEX receipts_by_member ON receipts (member_id, at);

CREATE TABLE receipt_lines (
    receipt_id      UUID   NOT NULL REFERENCES receipts (id),
    position        BIGINT NOT NULL,
    member_id       UUID,
    sku             TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    category        TEXT   NOT NULL,
    quantity        BIGINT NOT NULL,
    amount          BIGINT NOT NULL,
    discount        BIGINT NOT NULL,
    paid_by_points  BIGINT NOT NULL,
    earned          BIGINT NOT NULL,
    PRIMARY KEY (receipt_id, position)
);

CREATE TABLE entries (
    id                 UUID PRIMARY KEY,
    member_id          UUID   NOT NULL REFERENCES members (id),
    kind               TEXT   NOT NULL,
    points             BIGINT NOT NULL,
    lot_id             UUID,
    receipt_id         UUID REFERENCES receipts (id),
    corrects           UUID REFERENCES entries (id),
    programme_version  BIGINT NOT NULL,
    reason             TEXT   NOT NULL,
    author             TEXT   NOT NULL DEFAULT '',
    at                 BIGINT NOT NULL
);
CREATE INDEX entries_by_member ON entries (member_id, id);
CREATE INDEX entries_by_receipt ON entries (receipt_id);

CREATE TABLE lots (
    id          UUID PRIMARY KEY,
    member_id   UUID   NOT NULL REFERENCES members (id),
    receipt_id  UUID REFERENCES receipts (id),
    earned      BIGINT NOT NULL CHECK (earned > 0),
    remaining   BIGINT NOT NULL CHECK (remaining >= 0 AND remaining <= earned),
    created_at  BIGINT NOT NULL,
    activates   BIGINT NOT NULL,
    expires     BIGINT,
    state       TEXT   NOT NULL CHECK (state IN ('pending', 'active', 'closed'))
);
CREATE INDEX lots_by_member ON lots (member_id, state);

CREATE TABLE allocations (
    entry_id   UUID   NOT NULL REFERENCES entries (id),
    lot_id     UUID   NOT NULL REFERENCES lots (id),
    member_id  UUID   NOT NULL,
    points     BIGINT NOT NULL CHECK (points > 0),
    PRIMARY KEY (entry_id, lot_id)
);

-- A cache that `kopilka check` rebuilds and compares: balance is always the sum of entries.
CREATE TABLE accounts (
    member_id   UUID PRIMARY KEY REFERENCES members (id),
    balance     BIGINT NOT NULL,
    debt        BIGINT NOT NULL CHECK (debt >= 0),
    tier        TEXT   NOT NULL,
    tier_since  BIGINT NOT NULL
);

CREATE TABLE offer_activations (
    member_id     UUID   NOT NULL REFERENCES members (id),
    offer         TEXT COLLATE "C"   NOT NULL,
    activated_at  BIGINT NOT NULL,
    PRIMARY KEY (member_id, offer)
);

CREATE TABLE offer_uses (
    receipt_id  UUID   NOT NULL REFERENCES receipts (id),
    offer       TEXT COLLATE "C"   NOT NULL,
    member_id   UUID   NOT NULL REFERENCES members (id),
    points      BIGINT NOT NULL,
    money       BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (receipt_id, offer)
);
CREATE INDEX offer_uses_by_member ON offer_uses (member_id, offer);

-- What an offer has given to everyone, kept beside its uses so that a budget is one row to read and to lock.
CREATE TABLE offer_totals (
    offer   TEXT COLLATE "C" PRIMARY KEY,
    uses    BIGINT NOT NULL,
    points  BIGINT NOT NULL,
    money   BIGINT NOT NULL
);

CREATE TABLE gift_grants (
    id              UUID PRIMARY KEY,
    member_id       UUID   NOT NULL REFERENCES members (id),
    offer           TEXT   NOT NULL,
    gift            TEXT   NOT NULL,
    receipt_id      UUID   NOT NULL REFERENCES receipts (id),
    granted_at      BIGINT NOT NULL,
    handed_over_at  BIGINT,
    handed_over_by  UUID
);
CREATE INDEX gift_grants_by_member ON gift_grants (member_id, handed_over_at);
