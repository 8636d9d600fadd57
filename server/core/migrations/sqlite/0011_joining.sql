-- Joining at the till, and gifts: claim codes of receipts without a card, enrolments that a till has begun, one-time
-- passwords that are told to a cashier, cards that were printed beforehand, and how many of a gift a store has left.

-- The code itself is in the answer to its receipt, which is repeated byte for byte; the key finds that answer.
CREATE TABLE claims (
    code_hash   BLOB PRIMARY KEY,
    receipt_id  BLOB   NOT NULL UNIQUE REFERENCES receipts (id),
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    key         TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    claimed_by  BLOB REFERENCES members (id),
    claimed_at  BIGINT
);
CREATE INDEX claims_by_member ON claims (claimed_by);
CREATE INDEX claims_to_forget ON claims (expires_at) WHERE claimed_by IS NULL;

-- Wrong codes of a device; forgotten after ten minutes.
CREATE TABLE claim_tries (
    id         BLOB PRIMARY KEY,
    device_id  BLOB   NOT NULL REFERENCES devices (id),
    at         BIGINT NOT NULL
);
CREATE INDEX claim_tries_by_device ON claim_tries (device_id, at);
CREATE INDEX claim_tries_by_time ON claim_tries (at);

-- sale_key is the key under which the sale in progress will be stored, so that it finds its member.
CREATE TABLE till_enrolments (
    id          BLOB PRIMARY KEY,
    token_hash  BLOB   NOT NULL UNIQUE,
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    sale_key    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    member_id   BLOB REFERENCES members (id),
    joined_at   BIGINT
);
CREATE INDEX till_enrolments_by_sale ON till_enrolments (till_id, sale_key);
CREATE INDEX till_enrolments_by_time ON till_enrolments (created_at);
CREATE INDEX till_enrolments_by_member ON till_enrolments (member_id);

-- A one-time password for a till proves a phone there and signs nobody in.
ALTER TABLE challenges ADD COLUMN till_id BLOB REFERENCES tills (id);

CREATE INDEX challenges_by_till ON challenges (till_id, created_at) WHERE till_id IS NOT NULL;

-- Visits of those who proved their phone instead of showing a card.
CREATE TABLE visits_by_phone (
    token_hash  BLOB PRIMARY KEY,
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    member_id   BLOB   NOT NULL REFERENCES members (id),
    scheme      TEXT   NOT NULL CHECK (scheme IN ('rotating', 'fixed', 'ean', 'phone')),
    device_id   BLOB,
    step        BIGINT,
    expires_at  BIGINT NOT NULL,
    lifted_by   BLOB
);
INSERT INTO visits_by_phone
    SELECT token_hash, till_id, member_id, scheme, device_id, step, expires_at, lifted_by FROM visits;
DROP TABLE visits;
ALTER TABLE visits_by_phone RENAME TO visits;
CREATE INDEX visits_by_end ON visits (expires_at);

-- Printed cards that are nobody's yet: attached once, then they are rows of cards.
CREATE TABLE blank_cards (
    number   TEXT PRIMARY KEY,
    short    BIGINT NOT NULL UNIQUE,
    made_at  BIGINT NOT NULL
);
ALTER TABLE cards ADD COLUMN plastic BOOLEAN NOT NULL DEFAULT FALSE;

-- A gift without a row is not counted.
CREATE TABLE gift_stock (
    store_id    BLOB   NOT NULL REFERENCES stores (id),
    gift        TEXT   NOT NULL,
    left_count  BIGINT NOT NULL CHECK (left_count >= 0),
    PRIMARY KEY (store_id, gift)
);
-- What was handed over where: the gift itself or its substitute.
ALTER TABLE gift_grants ADD COLUMN handed_over_gift TEXT NOT NULL DEFAULT '';
ALTER TABLE gift_grants ADD COLUMN handed_over_till BLOB REFERENCES tills (id);
