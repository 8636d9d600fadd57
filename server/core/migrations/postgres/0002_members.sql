-- The people: members, their cards, devices, profile, consents. Closing an account erases what is personal here;
-- the ledger keeps the meaningless member id.
CREATE TABLE members (
    id               UUID PRIMARY KEY,
    phone            TEXT COLLATE "C" UNIQUE,
    first_name       TEXT   NOT NULL,
    last_name        TEXT   NOT NULL DEFAULT '',
    email            TEXT   NOT NULL DEFAULT '',
    language         TEXT   NOT NULL DEFAULT 'ru',
    joined_at        BIGINT NOT NULL,
    joined_from      TEXT   NOT NULL DEFAULT '',
    joined_store     TEXT   NOT NULL DEFAULT '',
    birth_year       BIGINT,
    birth_month      BIGINT,
    birth_day        BIGINT,
    birth_changes    BIGINT NOT NULL DEFAULT 0,
    car              TEXT,
    rewarded_at      BIGINT,
    closed_at        BIGINT
);

CREATE TABLE member_children (
    id          UUID PRIMARY KEY,
    member_id   UUID   NOT NULL REFERENCES members (id),
    birth_year  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX member_children_by_member ON member_children (member_id);

CREATE TABLE member_pets (
    member_id  UUID   NOT NULL REFERENCES members (id),
    species    TEXT COLLATE "C"   NOT NULL,
    count      BIGINT NOT NULL CHECK (count > 0),
    PRIMARY KEY (member_id, species)
);

CREATE TABLE cards (
    number      TEXT COLLATE "C" PRIMARY KEY,
    short       BIGINT NOT NULL UNIQUE,
    member_id   UUID   NOT NULL REFERENCES members (id),
    created_at  BIGINT NOT NULL,
    blocked_at  BIGINT
);
CREATE INDEX cards_by_member ON cards (member_id);

CREATE TABLE devices (
    id           UUID PRIMARY KEY,
    member_id    UUID   NOT NULL REFERENCES members (id),
    token_hash   BYTEA  NOT NULL UNIQUE,
    secret       BYTEA  NOT NULL,
    secret_turn  BIGINT NOT NULL DEFAULT 0,
    name         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    ended_at     BIGINT
);
CREATE INDEX devices_by_member ON devices (member_id);

-- Each change of a consent, a line; the newest line of a channel and purpose is the one in force.
-- channel 'document' holds the agreements to documents (personal data, rules, children).
CREATE TABLE consents (
    id            UUID PRIMARY KEY,
    member_id     UUID    NOT NULL REFERENCES members (id),
    channel       TEXT    NOT NULL,
    purpose       TEXT    NOT NULL,
    granted       BOOLEAN NOT NULL,
    text_version  TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    ip            TEXT    NOT NULL,
    source        TEXT    NOT NULL
);
CREATE INDEX consents_by_member ON consents (member_id, at);

-- One-time passwords. The row of a phone outlives its code, so that a resend never resets the count of tries.
CREATE TABLE challenges (
    id          UUID PRIMARY KEY,
    token_hash  BYTEA  NOT NULL UNIQUE,
    phone       TEXT COLLATE "C"   NOT NULL,
    code_hash   BYTEA  NOT NULL,
    origin      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    sendings    BIGINT NOT NULL DEFAULT 1,
    tries       BIGINT NOT NULL DEFAULT 0,
    used_at     BIGINT
);
CREATE INDEX challenges_by_phone ON challenges (phone, created_at);

-- A phone proven by its code, whose owner is joining. It outlives the end of joining, so that a form sent twice
-- signs the same person in, on one device.
CREATE TABLE enrolments (
    id          UUID PRIMARY KEY,
    token_hash  BYTEA  NOT NULL UNIQUE,
    phone       TEXT   NOT NULL,
    origin      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    device_id   UUID REFERENCES devices (id)
);

CREATE TABLE outbox (
    id          UUID PRIMARY KEY,
    channel     TEXT   NOT NULL,
    recipient   TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    message     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    sent_at     BIGINT
);
CREATE INDEX outbox_by_time ON outbox (created_at);
