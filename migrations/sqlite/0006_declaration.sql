-- Declarations (rules 3, 5 to 8). The draft is the only mutable part. Amounts
-- are centimes: SQLite has no exact decimal.
CREATE TABLE draft (
    flow_year  INTEGER NOT NULL,
    siren      TEXT NOT NULL REFERENCES collectivity (siren),
    -- Counts the saves; the ETag of the API.
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    -- The lines as typed, JSON.
    lines      TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren)
) STRICT, WITHOUT ROWID;

CREATE TABLE filing (
    flow_year    INTEGER NOT NULL,
    siren        TEXT NOT NULL REFERENCES collectivity (siren),
    version      INTEGER NOT NULL CHECK (version >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('declared', 'nil', 'rectified', 'annulled', 'taken_over')),
    -- When the server had read the whole request.
    filed_at     TEXT NOT NULL,
    filed_by     TEXT NOT NULL,
    signatory    TEXT,
    -- Of a manager's version: why, and which document.
    reason       TEXT,
    document     TEXT,
    line_count   INTEGER NOT NULL CHECK (line_count >= 0),
    total_paid   INTEGER NOT NULL,
    total_own    INTEGER NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    CHECK (kind NOT IN ('nil', 'annulled') OR line_count = 0),
    CHECK (kind <> 'declared' OR line_count > 0),
    -- A CHECK that is NULL passes: hence COALESCE.
    CHECK (kind IN ('declared', 'nil')
        OR (COALESCE(length(trim(reason)), 0) > 0 AND COALESCE(length(trim(document)), 0) > 0))
) STRICT, WITHOUT ROWID;

CREATE TABLE line (
    flow_year               INTEGER NOT NULL,
    siren                   TEXT NOT NULL,
    version                 INTEGER NOT NULL,
    position                INTEGER NOT NULL CHECK (position >= 1),
    reference               TEXT NOT NULL,
    title                   TEXT NOT NULL,
    recipient               TEXT NOT NULL,
    purpose                 TEXT NOT NULL,
    channel                 TEXT NOT NULL,
    nature                  TEXT NOT NULL,
    aid_type                TEXT NOT NULL,
    bi_multi                INTEGER NOT NULL CHECK (bi_multi IN (1, 2, 3)),
    amount_paid             INTEGER NOT NULL CHECK (amount_paid > 0),
    cofinancing_received    INTEGER NOT NULL CHECK (cofinancing_received BETWEEN 0 AND amount_paid),
    cofinancing_state       INTEGER CHECK (cofinancing_state BETWEEN 0 AND cofinancing_received),
    cofinancing_collectivities INTEGER
        CHECK (cofinancing_collectivities BETWEEN 0 AND cofinancing_received),
    cofinancing_others      INTEGER CHECK (cofinancing_others BETWEEN 0 AND cofinancing_received),
    own_resources           INTEGER NOT NULL CHECK (own_resources = amount_paid - cofinancing_received),
    service_costs           INTEGER CHECK (service_costs BETWEEN 0 AND amount_paid),
    amount_committed        INTEGER CHECK (amount_committed >= 0),
    paid_on                 TEXT,
    organisation            TEXT,
    organisation_siren      TEXT,
    description             TEXT,
    place                   TEXT,
    starts_on               TEXT,
    ends_on                 TEXT,
    one_percent_law         TEXT CHECK (one_percent_law IN ('eau', 'dechets', 'energie')),
    marker_gender           INTEGER,
    marker_environment      INTEGER,
    marker_biodiversity     INTEGER,
    marker_mitigation       INTEGER,
    marker_adaptation       INTEGER,
    marker_desertification  INTEGER,
    marker_nutrition        INTEGER,
    marker_inclusion        INTEGER,
    -- Goals and targets separated by `|`.
    sdg                     TEXT,
    crs_project             TEXT,
    PRIMARY KEY (flow_year, siren, version, position),
    UNIQUE (flow_year, siren, version, reference),
    -- Lines come before their filing, which counts and seals them.
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
    -- 130 random bits, Crockford base 32.
    number       TEXT PRIMARY KEY,
    flow_year    INTEGER NOT NULL,
    siren        TEXT NOT NULL,
    version      INTEGER NOT NULL,
    -- SHA-256 of the canonical JSON of the filing.
    sha256       TEXT NOT NULL,
    journal_head TEXT NOT NULL,
    issued_at    TEXT NOT NULL,
    UNIQUE (flow_year, siren, version),
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version)
) STRICT, WITHOUT ROWID;

-- Yearly amounts from before the service (rule 5).
CREATE TABLE past_amount (
    flow_year   INTEGER NOT NULL,
    siren       TEXT NOT NULL REFERENCES collectivity (siren),
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    nil         INTEGER NOT NULL CHECK (nil IN (0, 1)),
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    filed_on    TEXT,
    source      TEXT NOT NULL CHECK (length(trim(source)) > 0),
    -- Needed from the second revision on.
    reason      TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren, revision),
    CHECK ((nil = 1) = (amount = 0)),
    CHECK (revision = 1 OR COALESCE(length(trim(reason)), 0) > 0)
) STRICT, WITHOUT ROWID;

-- The last version counts (rule 3): every reader of what was filed starts here.
CREATE VIEW effective_filing AS
SELECT f.* FROM filing f
WHERE f.version = (SELECT MAX(l.version) FROM filing l WHERE l.flow_year = f.flow_year AND l.siren = f.siren);

CREATE VIEW effective_past_amount AS
SELECT p.* FROM past_amount p
WHERE p.revision = (SELECT MAX(l.revision) FROM past_amount l WHERE l.flow_year = p.flow_year AND l.siren = p.siren);

CREATE TRIGGER line_guard BEFORE INSERT ON line
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G08 a filed version takes no more lines')
    WHERE EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren AND f.version = NEW.version);
    SELECT RAISE(ABORT, 'EAPD-G08 the line exists')
    WHERE EXISTS (SELECT 1 FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren AND l.version = NEW.version
                  AND (l.position = NEW.position OR l.reference = NEW.reference));
    SELECT RAISE(ABORT, 'EAPD-G08 the version of a line is the next one')
    WHERE NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                       WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0);
END;

CREATE TRIGGER filing_guard BEFORE INSERT ON filing
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 versions are only added, in order')
    WHERE NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                       WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0)
       OR EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren AND f.filed_at > NEW.filed_at);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.filed_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.filed_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.filed_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G09 no campaign takes this filing')
    WHERE NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.flow_year + 1 AND NEW.filed_at >= w.opens_at)
       OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'cancelled');
    SELECT RAISE(ABORT, 'EAPD-G11 the campaign is settled')
    WHERE NEW.kind NOT IN ('rectified', 'annulled', 'taken_over')
      AND EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1);
    SELECT RAISE(ABORT, 'EAPD-G12 the window is closed')
    WHERE NEW.kind NOT IN ('rectified', 'annulled', 'taken_over')
      AND NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.flow_year + 1
                      AND NEW.filed_at >= w.opens_at AND NEW.filed_at < w.closes_at)
      AND NOT EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.flow_year + 1
                      AND NEW.filed_at >= e.decided_at AND NEW.filed_at < e.closes_at)
      AND NOT EXISTS (SELECT 1 FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id
                      WHERE d.kind = 'filing' AND d.siren = NEW.siren AND d.campaign = NEW.flow_year + 1
                      AND NEW.filed_at >= d.decided_at AND NEW.filed_at < d.until_at
                      AND (r.decided_at IS NULL OR NEW.filed_at < r.decided_at));
    SELECT RAISE(ABORT, 'EAPD-G13 the filing does not seal its lines')
    WHERE (SELECT COUNT(*) FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren AND l.version = NEW.version) <> NEW.line_count
       OR (SELECT COALESCE(SUM(l.amount_paid), 0) FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren AND l.version = NEW.version) <> NEW.total_paid
       OR (SELECT COALESCE(SUM(l.own_resources), 0) FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren AND l.version = NEW.version) <> NEW.total_own;
END;

CREATE TRIGGER receipt_guard BEFORE INSERT ON receipt
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the receipt exists')
    WHERE EXISTS (SELECT 1 FROM receipt r WHERE r.number = NEW.number
                  OR (r.flow_year = NEW.flow_year AND r.siren = NEW.siren AND r.version = NEW.version));
END;

CREATE TRIGGER past_amount_guard BEFORE INSERT ON past_amount
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 past amounts are only added to')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(p.revision) FROM past_amount p
                                        WHERE p.flow_year = NEW.flow_year AND p.siren = NEW.siren), 0);
    SELECT RAISE(ABORT, 'EAPD-G14 the year has a campaign')
    WHERE EXISTS (SELECT 1 FROM campaign c WHERE c.year = NEW.flow_year + 1
                  AND NOT EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = c.year AND s.step = 'cancelled'));
END;

-- Settling sees every filing (the writers of SQLite take turns); it waits for the last day.
CREATE TRIGGER campaign_step_guard BEFORE INSERT ON campaign_step
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the step is taken already')
    WHERE EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign AND s.step = NEW.step);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G15 the campaign is cancelled')
    WHERE EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign AND s.step = 'cancelled');
    SELECT RAISE(ABORT, 'EAPD-G15 the window is not over')
    WHERE NEW.step = 'settled' AND (
        NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND w.closes_at <= NEW.decided_at)
        OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign AND e.closes_at > NEW.decided_at));
    SELECT RAISE(ABORT, 'EAPD-G15 only a settled campaign is published')
    WHERE NEW.step = 'published' AND NOT EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign
        AND s.step = 'settled' AND s.decided_at <= NEW.decided_at);
    SELECT RAISE(ABORT, 'EAPD-G15 only a campaign without filings is cancelled')
    WHERE NEW.step = 'cancelled' AND (length(trim(NEW.reason)) = 0
        OR EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.campaign - 1)
        OR EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND w.opens_at <= NEW.decided_at));
END;

CREATE TRIGGER filing_no_update BEFORE UPDATE ON filing
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a filing is never changed'); END;
CREATE TRIGGER filing_no_delete BEFORE DELETE ON filing
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a filing is never deleted'); END;
CREATE TRIGGER line_no_update BEFORE UPDATE ON line
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a line is never changed'); END;
CREATE TRIGGER line_no_delete BEFORE DELETE ON line
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a line is never deleted'); END;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a receipt is never changed'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a receipt is never deleted'); END;
CREATE TRIGGER past_amount_no_update BEFORE UPDATE ON past_amount
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a past amount is never changed'); END;
CREATE TRIGGER past_amount_no_delete BEFORE DELETE ON past_amount
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a past amount is never deleted'); END;
