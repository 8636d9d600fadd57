-- More roles; sessions of staff who sit at no till; and the kind of whoever did what a line of the audit log says (empty in
-- lines of before).
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
ALTER TABLE staff ADD CONSTRAINT staff_role_check CHECK (role IN
    ('cashier', 'marketer', 'approver', 'analyst', 'support', 'auditor', 'admin'));

ALTER TABLE staff_sessions ALTER COLUMN till_id DROP NOT NULL;

ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
