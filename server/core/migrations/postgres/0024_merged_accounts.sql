-- Accounts of one person that were merged, each with the account at the end of its chain: purchases, uses of offers and what
-- counts for the level are those of all of them together.
CREATE TABLE merged_accounts (
    merged_id  UUID PRIMARY KEY NOT NULL REFERENCES members (id),
    member_id  UUID NOT NULL REFERENCES members (id)
);
CREATE INDEX merged_accounts_by_member ON merged_accounts (member_id);
INSERT INTO merged_accounts (merged_id, member_id)
    WITH RECURSIVE chain (merged_id, next_id) AS (
        SELECT member_id, joined_to FROM accounts WHERE joined_to IS NOT NULL
        UNION ALL
        SELECT c.merged_id, a.joined_to FROM chain c JOIN accounts a ON a.member_id = c.next_id
        WHERE a.joined_to IS NOT NULL
    )
    SELECT c.merged_id, c.next_id FROM chain c JOIN accounts a ON a.member_id = c.next_id
    WHERE a.joined_to IS NULL;

-- What each merge moved (JSON), so that it can be moved back.
CREATE TABLE account_merges (
    id         UUID PRIMARY KEY NOT NULL,
    member_id  UUID   NOT NULL REFERENCES members (id),
    into_id    UUID   NOT NULL REFERENCES members (id),
    author_id  UUID   NOT NULL REFERENCES staff (id),
    note       TEXT   NOT NULL,
    moved      TEXT   NOT NULL,
    merged_at  BIGINT NOT NULL,
    undone_by  UUID REFERENCES staff (id),
    undone_at  BIGINT
);
CREATE INDEX account_merges_by_member ON account_merges (member_id);

-- Acts of support that hand points to somebody: above a limit they wait for a second person. The texts that name a person
-- are emptied once it is decided.
CREATE TABLE support_requests (
    id           UUID PRIMARY KEY NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('move', 'move-back', 'phone')),
    member_id    UUID   NOT NULL REFERENCES members (id),
    other_id     UUID REFERENCES members (id),
    merge_id     UUID REFERENCES account_merges (id),
    card         TEXT   NOT NULL,
    other_card   TEXT   NOT NULL DEFAULT '',
    phone        TEXT   NOT NULL DEFAULT '',
    points       BIGINT NOT NULL CHECK (points >= 0),
    note         TEXT   NOT NULL DEFAULT '',
    author_id    UUID   NOT NULL REFERENCES staff (id),
    created_at   BIGINT NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('waiting', 'applied', 'declined')),
    decided_by   UUID REFERENCES staff (id),
    decided_at   BIGINT
);
CREATE INDEX support_requests_by_author ON support_requests (author_id, created_at);
CREATE INDEX support_requests_by_member ON support_requests (member_id);
CREATE INDEX support_requests_waiting ON support_requests (created_at) WHERE state = 'waiting';
