-- People of staff who may not sign in any more, since when (µs); NULL = they may.
ALTER TABLE staff ADD COLUMN blocked_at BIGINT;
