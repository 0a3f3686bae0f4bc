-- The journal (rule 13): each write adds a row whose hash covers the row before.
CREATE TABLE journal (
    seq      BIGINT PRIMARY KEY,
    at       TIMESTAMPTZ NOT NULL,
    -- Random id of a person.
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    before   TEXT,
    after    TEXT,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);

-- One writer at a time holds the end of the chain, until its transaction ends.
CREATE FUNCTION eapd_journal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20140331, 0);
    PERFORM eapd_refuse_if(
        NEW.seq <> 1 + COALESCE((SELECT MAX(j.seq) FROM journal j), 0)
        OR NEW.previous <> COALESCE((SELECT j.hash FROM journal j ORDER BY j.seq DESC LIMIT 1), ''),
        'EAPD-G16 the journal is only added to, at its end');
    RETURN NEW;
END $$;
CREATE TRIGGER journal_guard BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION eapd_journal_guard();
SELECT eapd_append_only('journal', 'EAPD-G00 the journal is never changed');
SELECT eapd_pin_guards();
