-- Limits of one-time passwords and of sign-ins by password, counted in the database so that all processes count together.

-- Codes of a challenge that a newer one has followed; each stays valid for its own ten minutes.
CREATE TABLE earlier_codes (
    id            BLOB PRIMARY KEY,
    challenge_id  BLOB   NOT NULL REFERENCES challenges (id),
    code_hash     BLOB   NOT NULL,
    sent_at       BIGINT NOT NULL
);
CREATE INDEX earlier_codes_by_challenge ON earlier_codes (challenge_id);

-- Further tokens of a challenge: a form that was sent twice gets one for each answer, and one message.
CREATE TABLE challenge_tokens (
    token_hash    BLOB PRIMARY KEY,
    challenge_id  BLOB NOT NULL REFERENCES challenges (id),
    origin        TEXT NOT NULL
);
CREATE INDEX challenge_tokens_by_challenge ON challenge_tokens (challenge_id);

-- Each message with a code. The phone is empty once its owner has proven it or closed the account; asker is a hash of the
-- network that asked, or a till.
CREATE TABLE code_sends (
    id            BLOB PRIMARY KEY,
    challenge_id  BLOB   NOT NULL,
    phone         TEXT   NOT NULL,
    asker         TEXT   NOT NULL,
    sent_at       BIGINT NOT NULL
);
CREATE INDEX code_sends_by_phone ON code_sends (phone, sent_at);
CREATE INDEX code_sends_by_asker ON code_sends (asker, sent_at);
CREATE INDEX code_sends_by_challenge ON code_sends (challenge_id);
CREATE INDEX code_sends_by_time ON code_sends (sent_at);

CREATE TABLE wrong_one_time_codes (
    id     BLOB PRIMARY KEY,
    phone  TEXT   NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX wrong_one_time_codes_by_phone ON wrong_one_time_codes (phone, at);
CREATE INDEX wrong_one_time_codes_by_time ON wrong_one_time_codes (at);

-- Wrong codes of a phone since its last proof, and until when no code is sent to it.
CREATE TABLE guessed_phones (
    phone          TEXT PRIMARY KEY,
    wrong          BIGINT NOT NULL,
    paused_until   BIGINT NOT NULL DEFAULT 0,
    changed_at     BIGINT NOT NULL
);
CREATE INDEX guessed_phones_by_time ON guessed_phones (changed_at);

-- Messages of a day of the programme, and whether the operator was warned.
CREATE TABLE code_days (
    day        TEXT PRIMARY KEY,
    sent       BIGINT NOT NULL,
    warned_at  BIGINT
);

-- Wrong passwords of logins that nobody has: they are locked as those that somebody has.
CREATE TABLE unknown_logins (
    login_hash    BLOB PRIMARY KEY,
    failures      BIGINT NOT NULL,
    locked_until  BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL
);
CREATE INDEX unknown_logins_by_time ON unknown_logins (changed_at);
