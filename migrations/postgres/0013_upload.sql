-- Files that wait between the preview of an import and its end, for a day.

CREATE TABLE upload (
    -- 130 random bits: part of the address of the preview.
    id        TEXT COLLATE "C" PRIMARY KEY,
    -- Who sent it: nobody else sees it.
    person    TEXT COLLATE "C" NOT NULL,
    siren     TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    flow_year INTEGER NOT NULL,
    mode      TEXT NOT NULL CHECK (mode IN ('replace', 'add')),
    -- The lines there were when it was sent, as a draft holds them (JSON): what others change since is told.
    present   TEXT NOT NULL,
    content   BYTEA NOT NULL CHECK (length(content) <= 10485760),
    kept_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX upload_by_person ON upload (person, kept_at);
CREATE INDEX upload_by_instant ON upload (kept_at);
SELECT eapd_grant('SELECT, INSERT, DELETE', 'upload');
