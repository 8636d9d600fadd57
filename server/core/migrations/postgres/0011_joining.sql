-- Joining at the till, and gifts: claim codes of receipts without a card, enrolments that a till has begun, one-time
-- passwords that are told to a cashier, cards that were printed beforehand, and how many of a gift a store has left.

-- The code itself is in the answer to its receipt, which is repeated byte for byte; the key finds that answer.
CREATE TABLE claims (
    code_hash   BYTEA PRIMARY KEY,
    receipt_id  UUID   NOT NULL UNIQUE REFERENCES receipts (id),
    till_id     UUID   NOT NULL REFERENCES tills (id),
    key         TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    claimed_by  UUID REFERENCES members (id),
    claimed_at  BIGINT
);
CREATE INDEX claims_by_member ON claims (claimed_by);
CREATE INDEX claims_to_forget ON claims (expires_at) WHERE claimed_by IS NULL;

-- Wrong codes of a device; forgotten after ten minutes.
CREATE TABLE claim_tries (
    id         UUID PRIMARY KEY,
    device_id  UUID   NOT NULL REFERENCES devices (id),
    at         BIGINT NOT NULL
);
CREATE INDEX claim_tries_by_device ON claim_tries (device_id, at);
CREATE INDEX claim_tries_by_time ON claim_tries (at);

-- sale_key is the key under which the sale in progress will be stored, so that it finds its member.
CREATE TABLE till_enrolments (
    id          UUID PRIMARY KEY,
    token_hash  BYTEA   NOT NULL UNIQUE,
    till_id     UUID   NOT NULL REFERENCES tills (id),
    sale_key    TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    member_id   UUID REFERENCES members (id),
    joined_at   BIGINT
);
CREATE INDEX till_enrolments_by_sale ON till_enrolments (till_id, sale_key);
CREATE INDEX till_enrolments_by_time ON till_enrolments (created_at);
CREATE INDEX till_enrolments_by_member ON till_enrolments (member_id);

-- A one-time password for a till proves a phone there and signs nobody in.
ALTER TABLE challenges ADD COLUMN till_id UUID REFERENCES tills (id);

CREATE INDEX challenges_by_till ON challenges (till_id, created_at) WHERE till_id IS NOT NULL;

-- Visits of those who proved their phone instead of showing a card.
ALTER TABLE visits DROP CONSTRAINT visits_scheme_check;
ALTER TABLE visits ADD CONSTRAINT visits_scheme_check CHECK (scheme IN ('rotating', 'fixed', 'ean', 'phone'));

-- Printed cards that are nobody's yet: attached once, then they are rows of cards.
CREATE TABLE blank_cards (
    number   TEXT COLLATE "C" PRIMARY KEY,
    short    BIGINT NOT NULL UNIQUE,
    made_at  BIGINT NOT NULL
);
ALTER TABLE cards ADD COLUMN plastic BOOLEAN NOT NULL DEFAULT FALSE;

-- A gift without a row is not counted.
CREATE TABLE gift_stock (
    store_id    UUID   NOT NULL REFERENCES stores (id),
    gift        TEXT COLLATE "C" NOT NULL,
    left_count  BIGINT NOT NULL CHECK (left_count >= 0),
    PRIMARY KEY (store_id, gift)
);
-- What was handed over where: the gift itself or its substitute.
ALTER TABLE gift_grants ADD COLUMN handed_over_gift TEXT NOT NULL DEFAULT '';
ALTER TABLE gift_grants ADD COLUMN handed_over_till UUID REFERENCES tills (id);
