-- The chain: programme versions, stores, tills, staff.
CREATE TABLE programme_versions (
    version     BIGINT PRIMARY KEY,
    valid_from  BIGINT NOT NULL,
    document    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE stores (
    id       BLOB PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    address  TEXT NOT NULL,
    status   TEXT NOT NULL CHECK (status IN ('active', 'pilot', 'waiting'))
);

CREATE TABLE tills (
    id          BLOB PRIMARY KEY,
    store_id    BLOB   NOT NULL REFERENCES stores (id),
    name        TEXT   NOT NULL UNIQUE,
    kind        TEXT   NOT NULL CHECK (kind IN ('pos', 'browser', 'web')),
    key_hash    BLOB   UNIQUE,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);

CREATE TABLE staff (
    id             BLOB PRIMARY KEY,
    login          TEXT   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,
    role           TEXT   NOT NULL CHECK (role IN ('cashier', 'marketer', 'support', 'admin')),
    password_hash  TEXT   NOT NULL,
    till_id        BLOB REFERENCES tills (id),
    failures       BIGINT NOT NULL DEFAULT 0,
    locked_until   BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL
);

CREATE TABLE staff_sessions (
    id          BLOB PRIMARY KEY,
    staff_id    BLOB   NOT NULL REFERENCES staff (id),
    till_id     BLOB   NOT NULL REFERENCES tills (id),
    token_hash  BLOB   NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    ended_at    BIGINT
);
