-- What a member has is told by the index alone: of a big chain the lots of one member lie far apart.
DROP INDEX lots_by_member;
CREATE INDEX lots_by_member ON lots (member_id, state, activates, expires, remaining);
