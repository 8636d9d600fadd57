-- The time zone in which a store reads days and hours (IANA name); none: the programme's.
ALTER TABLE stores ADD COLUMN time_zone TEXT;
