-- Keyed hashes of constants: a process with another secret key is refused.
CREATE TABLE key_checks (
    name   TEXT PRIMARY KEY NOT NULL,
    value  BLOB NOT NULL
);

-- Benefits that a person gets once, under a keyed hash of the phone: they outlive a closed account, for rejoin_days of the
-- programme. Days alone and no id: nothing here leads back to the account. benefit is 'profile', 'purchase' or 'offer:ID'.
CREATE TABLE once_only_uses (
    phone_hash  BLOB  NOT NULL,
    benefit     TEXT NOT NULL,
    day         BIGINT NOT NULL,
    uses        BIGINT NOT NULL CHECK (uses > 0),
    kept_from   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL,
    PRIMARY KEY (phone_hash, benefit, day)
);
CREATE INDEX once_only_uses_by_end ON once_only_uses (ends_at);
CREATE INDEX once_only_uses_by_beginning ON once_only_uses (kept_from);

-- What a member had used in an earlier account.
CREATE TABLE earlier_uses (
    member_id  BLOB   NOT NULL REFERENCES members (id),
    benefit    TEXT NOT NULL,
    day        BIGINT NOT NULL,
    uses       BIGINT NOT NULL CHECK (uses > 0),
    PRIMARY KEY (member_id, benefit, day)
);

-- Phones that a member had before, as keyed hashes.
CREATE TABLE former_phones (
    member_id   BLOB   NOT NULL REFERENCES members (id),
    phone_hash  BLOB  NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (member_id, phone_hash)
);
CREATE INDEX former_phones_by_hash ON former_phones (phone_hash);
CREATE INDEX former_phones_by_time ON former_phones (changed_at);
