-- Access to tills: paired browsers, PINs, locked sessions, shifts; the log of who did what, look-ups in it; and the radar's
-- memory: phones that were changed, and blocks that a senior has lifted.
ALTER TABLE staff ADD COLUMN pin_hash TEXT;
ALTER TABLE staff_sessions ADD COLUMN device_id BLOB;
ALTER TABLE staff_sessions ADD COLUMN locked_at BIGINT;
ALTER TABLE members ADD COLUMN phone_changed_at BIGINT;
ALTER TABLE visits ADD COLUMN lifted_by BLOB;

CREATE TABLE till_devices (
    id              BLOB PRIMARY KEY,
    till_id         BLOB   NOT NULL REFERENCES tills (id),
    token_hash      BLOB   NOT NULL UNIQUE,
    label           TEXT   NOT NULL,
    paired_at       BIGINT NOT NULL,
    paired_by       TEXT   NOT NULL CHECK (paired_by IN ('key', 'code')),
    seen_at         BIGINT NOT NULL,
    ended_at        BIGINT,
    failures        BIGINT NOT NULL DEFAULT 0,
    failures_since  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX till_devices_by_till ON till_devices (till_id);

-- Forgotten after a day; a code lives ten minutes and is used once.
CREATE TABLE pairing_codes (
    id          BLOB PRIMARY KEY,
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    code_hash   BLOB   NOT NULL,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT
);
CREATE INDEX pairing_codes_by_time ON pairing_codes (created_at);

CREATE TABLE shifts (
    id         BLOB PRIMARY KEY,
    till_id    BLOB   NOT NULL REFERENCES tills (id),
    number     BIGINT NOT NULL,
    opened_at  BIGINT NOT NULL,
    opened_by  BLOB REFERENCES staff (id),
    closed_at  BIGINT,
    closed_by  BLOB REFERENCES staff (id),
    UNIQUE (till_id, number)
);
CREATE UNIQUE INDEX shifts_open ON shifts (till_id) WHERE closed_at IS NULL;
CREATE INDEX shifts_by_time ON shifts (opened_at);

-- Who did what. Lines are only added, and pruned by age; of members it has ids alone.
CREATE TABLE audit (
    id         BLOB PRIMARY KEY,
    at         BIGINT NOT NULL,
    till_id    BLOB,
    staff_id   BLOB,
    device_id  BLOB,
    member_id  BLOB,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    outcome    TEXT   NOT NULL
);
INSERT INTO audit (id, at, till_id, staff_id, member_id, action, subject, outcome)
    SELECT id, at, till_id, staff_id, member_id, 'look-up', '', outcome FROM lookups;
DROP TABLE lookups;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_till ON audit (till_id, at);
CREATE INDEX audit_by_staff ON audit (staff_id, at) WHERE staff_id IS NOT NULL;
CREATE INDEX audit_by_member ON audit (member_id, at) WHERE member_id IS NOT NULL;

-- A block of the radar that a senior has lifted for one visit that is about to begin.
CREATE TABLE radar_lifts (
    till_id    BLOB   NOT NULL REFERENCES tills (id),
    member_id  BLOB   NOT NULL REFERENCES members (id),
    staff_id   BLOB   NOT NULL REFERENCES staff (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (till_id, member_id)
);
