-- Sales of a till without a link that were refused later and put aside by a cashier: without a card, nothing personal.
CREATE TABLE till_put_aside (
    id        UUID PRIMARY KEY,
    till_id   UUID   NOT NULL REFERENCES tills (id),
    staff_id  UUID REFERENCES staff (id),
    key       TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    total     BIGINT NOT NULL,
    lines     TEXT   NOT NULL,
    why       TEXT   NOT NULL,
    put_at    BIGINT NOT NULL,
    UNIQUE (till_id, key)
);
CREATE INDEX till_put_aside_by_time ON till_put_aside (till_id, put_at);
