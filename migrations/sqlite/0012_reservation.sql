-- Filings « sous réserve »: made by an agent whose attachment is awaited. One counts from the day the agent
-- is accepted, if that comes within 30 days, with the instant at which it was filed.
CREATE TABLE reservation (
    flow_year  INTEGER NOT NULL,
    siren      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    -- The request that is awaited.
    attachment TEXT NOT NULL REFERENCES attachment (id),
    -- The last instant at which an answer can make the version count.
    until_at   TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    -- It comes before its filing, as lines do: what is filed is never put in doubt afterwards.
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_by_attachment ON reservation (attachment);

-- What became of it. Without a row it waits until `until_at`, and is void from then on: nothing has to be done.
CREATE TABLE reservation_outcome (
    flow_year  INTEGER NOT NULL,
    siren      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    outcome    TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    FOREIGN KEY (flow_year, siren, version) REFERENCES reservation (flow_year, siren, version)
) STRICT, WITHOUT ROWID;

-- The last version that is not reserved, or whose reservation was lifted, counts (rule 3).
DROP VIEW effective_filing;
CREATE VIEW effective_filing AS
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
    siren      TEXT NOT NULL REFERENCES collectivity (siren),
    -- Random id of the agent, or nothing: the collectivity's own.
    author     TEXT NOT NULL DEFAULT '',
    -- Counts the saves; the ETag of the API.
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    -- The lines as typed, JSON.
    lines      TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren, author)
) STRICT, WITHOUT ROWID;
INSERT INTO authored_draft (flow_year, siren, revision, lines, updated_by, updated_at)
SELECT flow_year, siren, revision, lines, updated_by, updated_at FROM draft;
DROP TABLE draft;
ALTER TABLE authored_draft RENAME TO draft;
CREATE INDEX draft_by_author ON draft (author) WHERE author <> '';

CREATE TRIGGER reservation_guard BEFORE INSERT ON reservation
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G20 a reservation comes with its filing')
    WHERE EXISTS (SELECT 1 FROM reservation r WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version)
       OR NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                       WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0);
    SELECT RAISE(ABORT, 'EAPD-G20 a reservation awaits an attachment')
    WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.id = NEW.attachment AND a.siren = NEW.siren)
       OR EXISTS (SELECT 1 FROM attachment_step s WHERE s.attachment = NEW.attachment);
END;

CREATE TRIGGER filing_reservation_guard BEFORE INSERT ON filing
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G20 the filing is not the one reserved')
    WHERE EXISTS (SELECT 1 FROM reservation r JOIN attachment a ON a.id = r.attachment
                  WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version
                    AND (NEW.kind NOT IN ('declared', 'nil') OR NEW.filed_by <> a.person
                         OR r.until_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.filed_at, '+30 days')));
    SELECT RAISE(ABORT, 'EAPD-G21 a filing awaits the attachment of its agent')
    WHERE NEW.kind IN ('rectified', 'annulled', 'taken_over')
      AND EXISTS (SELECT 1 FROM reservation r WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren
                  AND r.until_at >= NEW.filed_at
                  AND NOT EXISTS (SELECT 1 FROM reservation_outcome o
                                  WHERE o.flow_year = r.flow_year AND o.siren = r.siren AND o.version = r.version));
END;

CREATE TRIGGER reservation_outcome_guard BEFORE INSERT ON reservation_outcome
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the reservation has its outcome')
    WHERE EXISTS (SELECT 1 FROM reservation_outcome o
                  WHERE o.flow_year = NEW.flow_year AND o.siren = NEW.siren AND o.version = NEW.version);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G20 a reservation is decided as the attachment is, within 30 days')
    WHERE NOT EXISTS (SELECT 1 FROM reservation r
                      JOIN filing f ON f.flow_year = r.flow_year AND f.siren = r.siren AND f.version = r.version
                      JOIN attachment_step s ON s.attachment = r.attachment AND s.decided_at <= NEW.decided_at
                        AND CASE NEW.outcome WHEN 'accepted' THEN s.step = 'accepted'
                                             ELSE s.step IN ('refused', 'withdrawn') END
                      WHERE r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version
                        AND NEW.decided_at BETWEEN f.filed_at AND r.until_at);
END;

CREATE TRIGGER reservation_no_update BEFORE UPDATE ON reservation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a reservation is never changed'); END;
CREATE TRIGGER reservation_no_delete BEFORE DELETE ON reservation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a reservation is never deleted'); END;
CREATE TRIGGER reservation_outcome_no_update BEFORE UPDATE ON reservation_outcome
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER reservation_outcome_no_delete BEFORE DELETE ON reservation_outcome
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
