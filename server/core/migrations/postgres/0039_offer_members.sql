-- Members whom the chain has named for an offer. An offer asks for them by `named_members` in the programme's document; the list
-- belongs to the offer's id and holds for every version of the programme.
CREATE TABLE offer_members (
    member_id  UUID   NOT NULL REFERENCES members (id),
    offer      TEXT COLLATE "C" NOT NULL,
    added_at   BIGINT NOT NULL,
    PRIMARY KEY (member_id, offer)
);
CREATE INDEX offer_members_by_offer ON offer_members (offer, member_id);
