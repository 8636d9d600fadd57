-- Seals of audit lines and of the ledger: each line gets the next number of its chain and a keyed hash over the seal before it,
-- the number and the contents, some time after its commit (docs/decisions/042-sealed-lines.md). There are no foreign keys: a
-- line that is removed by hand leaves its seal behind, and so it is noticed.
CREATE TABLE audit_seals (
    number   BIGINT PRIMARY KEY NOT NULL,
    line_id  BLOB   NOT NULL,
    version  BIGINT NOT NULL,
    seal     BLOB   NOT NULL
);
CREATE UNIQUE INDEX audit_seals_by_line ON audit_seals (line_id);

-- A line of the ledger is an entry with its allocations.
CREATE TABLE ledger_seals (
    number   BIGINT PRIMARY KEY NOT NULL,
    line_id  BLOB   NOT NULL,
    version  BIGINT NOT NULL,
    seal     BLOB   NOT NULL
);
CREATE UNIQUE INDEX ledger_seals_by_line ON ledger_seals (line_id);

-- Ends of each chain, under a seal of their own: the last line that was pruned and the last line that was sealed. swept_until
-- is an id made at the beginning of the last complete run.
CREATE TABLE seal_chains (
    name         TEXT PRIMARY KEY NOT NULL,
    base_number  BIGINT NOT NULL,
    base_seal    BLOB   NOT NULL,
    number       BIGINT NOT NULL,
    seal         BLOB   NOT NULL,
    swept_until  BLOB   NOT NULL,
    ends_seal    BLOB   NOT NULL
);
