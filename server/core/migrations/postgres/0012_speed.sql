-- What a till does for each receipt finds its rows without going over others.
DROP INDEX offer_uses_by_member;
CREATE INDEX offer_uses_by_member ON offer_uses (member_id, offer, at);
CREATE INDEX visits_by_till ON visits (till_id, expires_at);
