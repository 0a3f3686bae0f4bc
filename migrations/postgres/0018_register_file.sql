-- Files about the register that wait between the look at what they change and their end, for a day.

CREATE TABLE register_file (
    -- 130 random bits: part of an address.
    id      TEXT COLLATE "C" PRIMARY KEY,
    -- Who sent it: nobody else sees it.
    person  TEXT COLLATE "C" NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('decisions', 'package')),
    content BYTEA NOT NULL CHECK (length(content) <= 10485760),
    kept_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX register_file_by_instant ON register_file (kept_at);
SELECT eapd_grant('SELECT, INSERT, DELETE', 'register_file');
