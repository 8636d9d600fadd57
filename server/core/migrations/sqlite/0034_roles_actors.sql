-- More roles; sessions of staff who sit at no till; and the kind of whoever did what a line of the audit log says (empty in
-- lines of before). SQLite changes no constraint of a table: staff is emptied and filled again under the new one. Rows that
-- refer to it are checked when the transaction ends, when they have their rows back.
PRAGMA defer_foreign_keys = ON;

CREATE TEMPORARY TABLE staff_before AS
    SELECT id, login, name, role, password_hash, till_id, failures, locked_until, created_at, pin_hash, blocked_at FROM staff;
DROP TABLE staff;
CREATE TABLE staff (
    id             BLOB PRIMARY KEY,
    login          TEXT   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,
    role           TEXT   NOT NULL CHECK (role IN
        ('cashier', 'marketer', 'approver', 'analyst', 'support', 'auditor', 'admin')),
    password_hash  TEXT   NOT NULL,
    till_id        BLOB REFERENCES tills (id),
    failures       BIGINT NOT NULL DEFAULT 0,
    locked_until   BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    pin_hash       TEXT,
    blocked_at     BIGINT
);
INSERT INTO staff SELECT * FROM staff_before;
DROP TABLE staff_before;

ALTER TABLE staff_sessions RENAME TO staff_sessions_before;
CREATE TABLE staff_sessions (
    id          BLOB PRIMARY KEY,
    staff_id    BLOB   NOT NULL REFERENCES staff (id),
    till_id     BLOB REFERENCES tills (id),
    token_hash  BLOB   NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    ended_at    BIGINT,
    device_id   BLOB,
    locked_at   BIGINT
);
INSERT INTO staff_sessions SELECT id, staff_id, till_id, token_hash, created_at, seen_at, ended_at, device_id, locked_at
    FROM staff_sessions_before;
DROP TABLE staff_sessions_before;

ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
