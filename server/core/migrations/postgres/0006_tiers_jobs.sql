-- How long a tier holds, the history of its changes, and what jobs remember of their work.

-- tier_until: from when the tier holds no more unless it is renewed; NULL in the lowest tier, and where the night has
-- not worked it out yet. tier_warned_at: end of the period at which too little was counted; then tier_until is the end
-- of the grace.
ALTER TABLE accounts ADD COLUMN tier_until BIGINT;
ALTER TABLE accounts ADD COLUMN tier_warned_at BIGINT;
CREATE INDEX accounts_by_tier ON accounts (tier, tier_until);

-- Only ever added to. from_until and from_warned_at are what the tier left had still been promised: a return that
-- undoes a rise gives it back.
CREATE TABLE tier_changes (
    id                 UUID PRIMARY KEY,
    member_id          UUID   NOT NULL REFERENCES members (id),
    from_tier          TEXT   NOT NULL,
    to_tier            TEXT   NOT NULL,
    cause              TEXT   NOT NULL CHECK (cause IN ('upgrade', 'renewal', 'downgrade', 'return')),
    measured           BIGINT NOT NULL,
    programme_version  BIGINT NOT NULL,
    receipt_id         UUID REFERENCES receipts (id),
    from_until         BIGINT,
    from_warned_at     BIGINT,
    at                 BIGINT NOT NULL
);
CREATE INDEX tier_changes_by_member ON tier_changes (member_id, id);

-- What the night looks for among all lots.
CREATE INDEX lots_to_activate ON lots (activates) WHERE state = 'pending';
CREATE INDEX lots_to_expire ON lots (expires) WHERE state <> 'closed';

-- A job that is run for days: how far each day has come, and which days are finished.
CREATE TABLE job_progress (
    job          TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    step         TEXT   NOT NULL,
    report       TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    PRIMARY KEY (job, day)
);

-- Who does what only one may do at a time. A lease lapses by itself when its holder dies.
CREATE TABLE leases (
    name    TEXT PRIMARY KEY,
    holder  UUID   NOT NULL,
    until   BIGINT NOT NULL
);

-- What pruning looks for.
CREATE INDEX visits_by_end ON visits (expires_at);
CREATE INDEX challenges_by_time ON challenges (created_at);
CREATE INDEX enrolments_by_time ON enrolments (created_at);
