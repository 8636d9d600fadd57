-- Every secret that a device had before its present one, while codes of it are valid: a device may renew its secret again
-- within that minute.
CREATE TABLE former_secrets (
    device_id    BLOB   NOT NULL REFERENCES devices (id),
    turn         BIGINT NOT NULL,
    member_id    BLOB   NOT NULL REFERENCES members (id),
    secret       BLOB  NOT NULL,
    replaced_at  BIGINT NOT NULL,
    PRIMARY KEY (device_id, turn)
);
INSERT INTO former_secrets (device_id, turn, member_id, secret, replaced_at)
    SELECT id, secret_turn - 1, member_id, former_secret, replaced_at
    FROM devices WHERE former_secret IS NOT NULL AND replaced_at IS NOT NULL;
CREATE INDEX former_secrets_by_member ON former_secrets (member_id);
CREATE INDEX former_secrets_by_time ON former_secrets (replaced_at);
DROP INDEX devices_by_replacement;
ALTER TABLE devices DROP COLUMN former_secret;
ALTER TABLE devices DROP COLUMN replaced_at;
-- Numbers of printed cards that were tried in the wallet and cannot be attached, by account and by a hash of the network.
CREATE TABLE card_tries (
    id         BLOB PRIMARY KEY,
    member_id  BLOB   NOT NULL REFERENCES members (id),
    asker      TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX card_tries_by_member ON card_tries (member_id, at);
CREATE INDEX card_tries_by_asker ON card_tries (asker, at);
CREATE INDEX card_tries_by_time ON card_tries (at);
-- Sales of a member that wait are counted for their sender.
CREATE INDEX parked_by_member ON parked (member_id) WHERE member_id IS NOT NULL;
