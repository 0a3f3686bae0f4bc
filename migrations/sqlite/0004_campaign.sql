-- Campaigns (rule 2). Every decision is a row that is only ever added: the
-- dates as planned, extensions, settlement, publication, cancellation.
-- `open` and `over` follow from the clock and are not stored.
CREATE TABLE campaign (
    year       INTEGER PRIMARY KEY CHECK (year BETWEEN 2009 AND 2200),
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_dates (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    opens_on   TEXT NOT NULL,
    closes_on  TEXT NOT NULL,
    -- 00:00 in Paris of the first day, and of the day after the last.
    opens_at   TEXT NOT NULL,
    closes_at  TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (campaign, revision),
    CHECK (opens_on <= closes_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE extension (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    closes_on  TEXT NOT NULL,
    closes_at  TEXT NOT NULL,
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (campaign, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_step (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    step       TEXT NOT NULL CHECK (step IN ('settled', 'published', 'cancelled')),
    reason     TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (campaign, step)
) STRICT, WITHOUT ROWID;

-- The planned window in force.
CREATE VIEW campaign_window AS
SELECT d.campaign, d.opens_on, d.closes_on, d.opens_at, d.closes_at
FROM campaign_dates d
WHERE d.revision = (SELECT MAX(l.revision) FROM campaign_dates l WHERE l.campaign = d.campaign);

-- A day or an instant is written in the one way that sorts: '+0 …' makes SQLite
-- compute it anew, where a plain call gives 31 June or 24:00 back as they came.
-- Paris is on summer time for the midnights after the last Sunday of March up to
-- the last Sunday of October (since 1996): the guards below recompute them.

CREATE TRIGGER campaign_guard BEFORE INSERT ON campaign
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G03 the campaign exists')
    WHERE EXISTS (SELECT 1 FROM campaign c WHERE c.year = NEW.year);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.created_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.created_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.created_at) - strftime('%s', 'now')) > 120);
END;

CREATE TRIGGER campaign_dates_guard BEFORE INSERT ON campaign_dates
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the dates of a campaign are only added to')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(d.revision) FROM campaign_dates d WHERE d.campaign = NEW.campaign), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G04 the dates change only before the window opens')
    WHERE EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND NEW.decided_at >= w.opens_at)
       OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign)
       OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign)
       OR EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.campaign - 1);
    SELECT RAISE(ABORT, 'EAPD-G05 the instants are not midnight in Paris')
    WHERE NEW.opens_on IS NOT date(NEW.opens_on, '+0 days') OR NEW.closes_on IS NOT date(NEW.closes_on, '+0 days')
       OR NEW.opens_at IS NOT date(NEW.opens_on, '-1 day') || CASE
            WHEN NEW.opens_on > date(substr(NEW.opens_on, 1, 4) || '-03-25', 'weekday 0')
             AND NEW.opens_on <= date(substr(NEW.opens_on, 1, 4) || '-10-25', 'weekday 0')
            THEN 'T22:00:00Z' ELSE 'T23:00:00Z' END
       OR NEW.closes_at IS NOT NEW.closes_on || CASE
            WHEN date(NEW.closes_on, '+1 day') > date(substr(NEW.closes_on, 1, 4) || '-03-25', 'weekday 0')
             AND date(NEW.closes_on, '+1 day') <= date(substr(NEW.closes_on, 1, 4) || '-10-25', 'weekday 0')
            THEN 'T22:00:00Z' ELSE 'T23:00:00Z' END;
END;

CREATE TRIGGER extension_guard BEFORE INSERT ON extension
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 extensions are only added to')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(e.revision) FROM extension e WHERE e.campaign = NEW.campaign), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G06 the campaign takes no extension')
    WHERE EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign)
       OR NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign);
    SELECT RAISE(ABORT, 'EAPD-G06 an extension only moves the end later')
    WHERE NEW.closes_at <= NEW.decided_at
       OR NEW.closes_on <= (SELECT w.closes_on FROM campaign_window w WHERE w.campaign = NEW.campaign)
       OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign
                  AND (e.closes_on >= NEW.closes_on OR e.decided_at > NEW.decided_at));
    SELECT RAISE(ABORT, 'EAPD-G05 the instants are not midnight in Paris')
    WHERE NEW.closes_on IS NOT date(NEW.closes_on, '+0 days')
       OR NEW.closes_at IS NOT NEW.closes_on || CASE
            WHEN date(NEW.closes_on, '+1 day') > date(substr(NEW.closes_on, 1, 4) || '-03-25', 'weekday 0')
             AND date(NEW.closes_on, '+1 day') <= date(substr(NEW.closes_on, 1, 4) || '-10-25', 'weekday 0')
            THEN 'T22:00:00Z' ELSE 'T23:00:00Z' END;
END;

CREATE TRIGGER campaign_no_update BEFORE UPDATE ON campaign
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a campaign is never changed'); END;
CREATE TRIGGER campaign_no_delete BEFORE DELETE ON campaign
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a campaign is never deleted'); END;
CREATE TRIGGER campaign_dates_no_update BEFORE UPDATE ON campaign_dates
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER campaign_dates_no_delete BEFORE DELETE ON campaign_dates
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
CREATE TRIGGER extension_no_update BEFORE UPDATE ON extension
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER extension_no_delete BEFORE DELETE ON extension
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
CREATE TRIGGER campaign_step_no_update BEFORE UPDATE ON campaign_step
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER campaign_step_no_delete BEFORE DELETE ON campaign_step
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
