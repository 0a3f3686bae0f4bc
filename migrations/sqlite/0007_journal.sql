-- The journal (rule 13): each write adds a row whose hash covers the row before.
CREATE TABLE journal (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    -- Random id of a person.
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    before   TEXT,
    after    TEXT,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER journal_guard BEFORE INSERT ON journal
WHEN NEW.seq <> 1 + COALESCE((SELECT MAX(j.seq) FROM journal j), 0)
  OR NEW.previous <> COALESCE((SELECT j.hash FROM journal j ORDER BY j.seq DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'EAPD-G16 the journal is only added to, at its end'); END;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 the journal is never changed'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 the journal is never cut'); END;
