-- Files about the register that wait between the look at what they change and their end, for a day.

CREATE TABLE register_file (
    -- 130 random bits: part of an address.
    id      TEXT PRIMARY KEY,
    -- Who sent it: nobody else sees it.
    person  TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('decisions', 'package')),
    content BLOB NOT NULL CHECK (length(content) <= 10485760),
    kept_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX register_file_by_instant ON register_file (kept_at);
