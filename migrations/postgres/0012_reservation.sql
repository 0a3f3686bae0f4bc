-- Filings « sous réserve »: made by an agent whose attachment is awaited. One counts from the day the agent
-- is accepted, if that comes within 30 days, with the instant at which it was filed.
CREATE TABLE reservation (
    flow_year  INTEGER NOT NULL,
    siren      TEXT COLLATE "C" NOT NULL,
    version    INTEGER NOT NULL,
    -- The request that is awaited.
    attachment TEXT COLLATE "C" NOT NULL REFERENCES attachment (id),
    -- The last instant at which an answer can make the version count.
    until_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    -- It comes before its filing, as lines do: what is filed is never put in doubt afterwards.
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX reservation_by_attachment ON reservation (attachment);

-- What became of it. Without a row it waits until `until_at`, and is void from then on: nothing has to be done.
CREATE TABLE reservation_outcome (
    flow_year  INTEGER NOT NULL,
    siren      TEXT COLLATE "C" NOT NULL,
    version    INTEGER NOT NULL,
    outcome    TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    FOREIGN KEY (flow_year, siren, version) REFERENCES reservation (flow_year, siren, version)
);

-- The last version that is not reserved, or whose reservation was lifted, counts (rule 3).
CREATE OR REPLACE VIEW effective_filing AS
SELECT f.* FROM filing f
WHERE f.version = (
    SELECT l.version FROM filing l
    WHERE l.flow_year = f.flow_year AND l.siren = f.siren
      AND NOT EXISTS (
        SELECT 1 FROM reservation r
        WHERE r.flow_year = l.flow_year AND r.siren = l.siren AND r.version = l.version
          AND NOT EXISTS (
            SELECT 1 FROM reservation_outcome o
            WHERE o.flow_year = r.flow_year AND o.siren = r.siren AND o.version = r.version AND o.outcome = 'accepted'))
    ORDER BY l.version DESC LIMIT 1);

-- The draft of an agent who waits to be attached is a separate one: they may not see the collectivity's.
CREATE TABLE authored_draft (
    flow_year  INTEGER NOT NULL,
    siren      TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    -- Random id of the agent, or nothing: the collectivity's own.
    author     TEXT COLLATE "C" NOT NULL DEFAULT '',
    -- Counts the saves; the ETag of the API.
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    -- The lines as typed, JSON.
    lines      TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren, author)
);
INSERT INTO authored_draft (flow_year, siren, revision, lines, updated_by, updated_at)
SELECT flow_year, siren, revision, lines, updated_by, updated_at FROM draft;
DROP TABLE draft;
ALTER TABLE authored_draft RENAME TO draft;
CREATE INDEX draft_by_author ON draft (author) WHERE author <> '';

CREATE FUNCTION eapd_reservation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    -- Nobody answers the request meanwhile.
    PERFORM pg_advisory_xact_lock(20140331, 3);
    PERFORM eapd_hold_declaration(NEW.flow_year, NEW.siren);
    PERFORM eapd_refuse_if(
        NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                     WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0),
        'EAPD-G20 a reservation comes with its filing');
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM attachment a WHERE a.id = NEW.attachment AND a.siren = NEW.siren)
        OR EXISTS (SELECT 1 FROM attachment_step s WHERE s.attachment = NEW.attachment),
        'EAPD-G20 a reservation awaits an attachment');
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_guard BEFORE INSERT ON reservation FOR EACH ROW EXECUTE FUNCTION eapd_reservation_guard();

-- Fires after `filing_guard`, which holds the declaration.
CREATE FUNCTION eapd_filing_reservation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM reservation r JOIN attachment a ON a.id = r.attachment
                WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version
                  AND (NEW.kind NOT IN ('declared', 'nil') OR NEW.filed_by <> a.person
                       OR r.until_at <> NEW.filed_at + INTERVAL '720 hours')),
        'EAPD-G20 the filing is not the one reserved');
    PERFORM eapd_refuse_if(
        NEW.kind IN ('rectified', 'annulled', 'taken_over')
        AND EXISTS (SELECT 1 FROM reservation r WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren
                    AND r.until_at >= NEW.filed_at
                    AND NOT EXISTS (SELECT 1 FROM reservation_outcome o
                                    WHERE o.flow_year = r.flow_year AND o.siren = r.siren AND o.version = r.version)),
        'EAPD-G21 a filing awaits the attachment of its agent');
    RETURN NEW;
END $$;
CREATE TRIGGER filing_reservation_guard BEFORE INSERT ON filing
    FOR EACH ROW EXECUTE FUNCTION eapd_filing_reservation_guard();

CREATE FUNCTION eapd_reservation_outcome_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_declaration(NEW.flow_year, NEW.siren);
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM reservation r
                    JOIN filing f ON f.flow_year = r.flow_year AND f.siren = r.siren AND f.version = r.version
                    JOIN attachment_step s ON s.attachment = r.attachment AND s.decided_at <= NEW.decided_at
                      AND CASE NEW.outcome WHEN 'accepted' THEN s.step = 'accepted'
                                           ELSE s.step IN ('refused', 'withdrawn') END
                    WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version
                      AND NEW.decided_at BETWEEN f.filed_at AND r.until_at),
        'EAPD-G20 a reservation is decided as the attachment is, within 30 days');
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_outcome_guard BEFORE INSERT ON reservation_outcome
    FOR EACH ROW EXECUTE FUNCTION eapd_reservation_outcome_guard();

SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'draft');
SELECT eapd_append_only('reservation', 'EAPD-G00 a reservation is never changed');
SELECT eapd_append_only('reservation_outcome', 'EAPD-G00 a decision is never changed');
SELECT eapd_pin_guards();
