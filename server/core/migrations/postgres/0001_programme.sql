-- The chain: programme versions, stores, tills, staff.
-- Keys are compared byte by byte, as in SQLite: no index depends on the locale of the server.
CREATE TABLE programme_versions (
    version     BIGINT PRIMARY KEY,
    valid_from  BIGINT NOT NULL,
    document    TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE stores (
    id       UUID PRIMARY KEY,
    code     TEXT COLLATE "C" NOT NULL UNIQUE,
    name     TEXT COLLATE "C" NOT NULL,
    address  TEXT NOT NULL,
    status   TEXT NOT NULL CHECK (status IN ('active', 'pilot', 'waiting'))
);

CREATE TABLE tills (
    id          UUID PRIMARY KEY,
    store_id    UUID   NOT NULL REFERENCES stores (id),
    name        TEXT COLLATE "C"   NOT NULL UNIQUE,
    kind        TEXT   NOT NULL CHECK (kind IN ('pos', 'browser', 'web')),
    key_hash    BYTEA  UNIQUE,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);

CREATE TABLE staff (
    id             UUID PRIMARY KEY,
    login          TEXT COLLATE "C"   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,
    role           TEXT   NOT NULL CHECK (role IN ('cashier', 'marketer', 'support', 'admin')),
    password_hash  TEXT   NOT NULL,
    till_id        UUID REFERENCES tills (id),
    failures       BIGINT NOT NULL DEFAULT 0,
    locked_until   BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL
);

CREATE TABLE staff_sessions (
    id          UUID PRIMARY KEY,
    staff_id    UUID   NOT NULL REFERENCES staff (id),
    till_id     UUID   NOT NULL REFERENCES tills (id),
    token_hash  BYTEA  NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    ended_at    BIGINT
);
