-- States of posted forms that were refused or are not finished, for ten minutes: what was typed, without secrets. Lost when the
-- server is, and in no backup. SQLite has no such table: its one process keeps them in memory.
CREATE UNLOGGED TABLE form_states (
    key_hash     BYTEA  NOT NULL PRIMARY KEY,
    browser_hash BYTEA  NOT NULL,
    -- Member who was signed in. It refers to no row: a table of the log cannot be emptied while another refers to it.
    member_id    UUID,
    body         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX form_states_by_browser ON form_states (browser_hash);
CREATE INDEX form_states_by_member ON form_states (member_id);
CREATE INDEX form_states_by_time ON form_states (created_at);
