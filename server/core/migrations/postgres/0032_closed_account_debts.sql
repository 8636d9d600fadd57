-- Debts of closed accounts, under keyed hashes of their phones: they outlive the account for rejoin_days of the programme.
-- account_mark is a keyed hash of the account's id: a purchase that is returned after the closing adds to the debt here. Without
-- the key nothing leads from a phone to the account.
CREATE TABLE closed_account_debts (
    phone_hash    BYTEA NOT NULL,
    account_mark  BYTEA NOT NULL,
    debt          BIGINT NOT NULL CHECK (debt >= 0),
    kept_from     BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    PRIMARY KEY (phone_hash, account_mark)
);
CREATE INDEX closed_account_debts_by_mark ON closed_account_debts (account_mark);
CREATE INDEX closed_account_debts_by_end ON closed_account_debts (ends_at);
CREATE INDEX closed_account_debts_by_beginning ON closed_account_debts (kept_from);

-- Members who have joined again with a phone of a closed account: they owe what it comes to owe afterwards.
CREATE TABLE closed_account_successors (
    account_mark  BYTEA PRIMARY KEY NOT NULL,
    member_id     UUID NOT NULL REFERENCES members (id),
    kept_from     BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL
);
CREATE INDEX closed_account_successors_by_member ON closed_account_successors (member_id);
CREATE INDEX closed_account_successors_by_end ON closed_account_successors (ends_at);
