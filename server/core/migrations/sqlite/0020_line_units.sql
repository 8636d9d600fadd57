-- The unit in which a line's quantity is counted; lines from before it was sent are counted in pieces.
ALTER TABLE receipt_lines ADD COLUMN unit TEXT NOT NULL DEFAULT 'piece';
