-- Corrections by hand: each with its reason and author, larger ones with a second person.
CREATE TABLE adjustments (
    id          UUID PRIMARY KEY,
    member_id   UUID   NOT NULL REFERENCES members (id),
    points      BIGINT NOT NULL CHECK (points <> 0),
    note        TEXT   NOT NULL,
    author_id   UUID   NOT NULL REFERENCES staff (id),
    created_at  BIGINT NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'applied', 'declined')),
    decided_by  UUID REFERENCES staff (id),
    decided_at  BIGINT
);
CREATE INDEX adjustments_by_member ON adjustments (member_id);
CREATE INDEX adjustments_waiting ON adjustments (created_at) WHERE state = 'waiting';
