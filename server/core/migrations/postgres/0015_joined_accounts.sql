-- The account that an account was joined to: whatever still comes to the one goes on to the other.
ALTER TABLE accounts ADD COLUMN joined_to UUID REFERENCES members (id);
-- The entry that a correction corrects.
ALTER TABLE adjustments ADD COLUMN corrects UUID REFERENCES entries (id);
