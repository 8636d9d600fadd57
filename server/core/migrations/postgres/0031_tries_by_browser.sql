-- Wrong codes of a browser that shares another's challenge: each has its own five tries.
ALTER TABLE challenge_tokens ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
