-- The phone that the member had when another one was asked for; emptied once it is decided. NULL: another kind of request, or
-- one from before this was kept.
ALTER TABLE support_requests ADD COLUMN old_phone TEXT;
