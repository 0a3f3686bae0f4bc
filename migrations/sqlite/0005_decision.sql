-- Decisions about one collectivity (rule 4), calls for projects (rule 9) and
-- expected bodies (rule 11). Rows are only ever added.
CREATE TABLE call (
    code          TEXT PRIMARY KEY,
    title         TEXT NOT NULL,
    opens_on      TEXT,
    closes_on     TEXT,
    examined_on   TEXT,
    group_rule    TEXT NOT NULL CHECK (group_rule IN ('all', 'lead')),
    founding_text TEXT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE call_year (
    call      TEXT NOT NULL REFERENCES call (code) DEFERRABLE INITIALLY DEFERRED,
    flow_year INTEGER NOT NULL,
    PRIMARY KEY (call, flow_year)
) STRICT, WITHOUT ROWID;

CREATE TABLE derogation (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('filing', 'eligibility')),
    siren      TEXT NOT NULL REFERENCES collectivity (siren),
    campaign   INTEGER REFERENCES campaign (year),
    call       TEXT REFERENCES call (code),
    -- Last day of a filing derogation, and the instant after it.
    until_on   TEXT,
    until_at   TEXT,
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    CHECK ((kind = 'filing' AND campaign IS NOT NULL AND until_on IS NOT NULL AND until_at IS NOT NULL AND call IS NULL)
        OR (kind = 'eligibility' AND call IS NOT NULL AND campaign IS NULL AND until_on IS NULL AND until_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX derogation_by_siren ON derogation (siren, campaign, call);

CREATE TABLE revocation (
    derogation INTEGER PRIMARY KEY REFERENCES derogation (id),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether a body is expected in a campaign, when a list or a person said so;
-- those that declared in the five years before are found, not stored.
CREATE TABLE expected (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    siren      TEXT NOT NULL REFERENCES collectivity (siren),
    revision   INTEGER NOT NULL,
    expected   INTEGER NOT NULL CHECK (expected IN (0, 1)),
    origin     TEXT NOT NULL CHECK (origin IN ('list', 'manager', 'sgar')),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (campaign, siren, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER call_guard BEFORE INSERT ON call
WHEN EXISTS (SELECT 1 FROM call c WHERE c.code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'EAPD-G03 the call exists'); END;
-- The years of a call are inserted before it and sealed by it.
CREATE TRIGGER call_year_guard BEFORE INSERT ON call_year
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the years of a call are fixed')
    WHERE EXISTS (SELECT 1 FROM call c WHERE c.code = NEW.call)
       OR EXISTS (SELECT 1 FROM call_year y WHERE y.call = NEW.call AND y.flow_year = NEW.flow_year);
END;

CREATE TRIGGER derogation_guard BEFORE INSERT ON derogation
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 derogations are only added to')
    WHERE NEW.id <> 1 + COALESCE((SELECT MAX(d.id) FROM derogation d), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G07 the campaign takes no filing derogation')
    WHERE NEW.kind = 'filing' AND (NEW.until_at <= NEW.decided_at
        OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign));
    SELECT RAISE(ABORT, 'EAPD-G05 the instants are not midnight in Paris')
    WHERE NEW.kind = 'filing' AND (NEW.until_on IS NOT date(NEW.until_on, '+0 days')
        OR NEW.until_at IS NOT NEW.until_on || CASE
            WHEN date(NEW.until_on, '+1 day') > date(substr(NEW.until_on, 1, 4) || '-03-25', 'weekday 0')
             AND date(NEW.until_on, '+1 day') <= date(substr(NEW.until_on, 1, 4) || '-10-25', 'weekday 0')
            THEN 'T22:00:00Z' ELSE 'T23:00:00Z' END);
END;
CREATE TRIGGER revocation_guard BEFORE INSERT ON revocation
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G03 the derogation is revoked already')
    WHERE EXISTS (SELECT 1 FROM revocation r WHERE r.derogation = NEW.derogation);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G07 a revocation follows its derogation')
    WHERE NOT EXISTS (SELECT 1 FROM derogation d WHERE d.id = NEW.derogation AND d.decided_at <= NEW.decided_at);
END;
CREATE TRIGGER expected_guard BEFORE INSERT ON expected
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 decisions on expected bodies are only added to')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(e.revision) FROM expected e
                                        WHERE e.campaign = NEW.campaign AND e.siren = NEW.siren), 0);
END;

CREATE TRIGGER call_no_update BEFORE UPDATE ON call
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a call is never changed'); END;
CREATE TRIGGER call_no_delete BEFORE DELETE ON call
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a call is never deleted'); END;
CREATE TRIGGER call_year_no_update BEFORE UPDATE ON call_year
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a call is never changed'); END;
CREATE TRIGGER call_year_no_delete BEFORE DELETE ON call_year
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a call is never deleted'); END;
CREATE TRIGGER derogation_no_update BEFORE UPDATE ON derogation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER derogation_no_delete BEFORE DELETE ON derogation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
CREATE TRIGGER revocation_no_update BEFORE UPDATE ON revocation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER revocation_no_delete BEFORE DELETE ON revocation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
CREATE TRIGGER expected_no_update BEFORE UPDATE ON expected
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER expected_no_delete BEFORE DELETE ON expected
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
