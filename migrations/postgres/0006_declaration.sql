-- Declarations (rules 3, 5 to 8). The draft is the only mutable part.
CREATE TABLE draft (
    flow_year  INTEGER NOT NULL,
    siren      TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    -- Counts the saves; the ETag of the API.
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    -- The lines as typed, JSON.
    lines      TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren)
);

CREATE TABLE filing (
    flow_year    INTEGER NOT NULL,
    siren        TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    version      INTEGER NOT NULL CHECK (version >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('declared', 'nil', 'rectified', 'annulled', 'taken_over')),
    -- When the server had read the whole request.
    filed_at     TIMESTAMPTZ NOT NULL,
    filed_by     TEXT NOT NULL,
    signatory    TEXT,
    -- Of a manager's version: why, and which document.
    reason       TEXT,
    document     TEXT,
    line_count   INTEGER NOT NULL CHECK (line_count >= 0),
    total_paid   NUMERIC(15,2) NOT NULL,
    total_own    NUMERIC(15,2) NOT NULL,
    PRIMARY KEY (flow_year, siren, version),
    CHECK (kind NOT IN ('nil', 'annulled') OR line_count = 0),
    CHECK (kind <> 'declared' OR line_count > 0),
    -- A CHECK that is NULL passes: hence COALESCE.
    CHECK (kind IN ('declared', 'nil')
        OR (COALESCE(length(trim(reason)), 0) > 0 AND COALESCE(length(trim(document)), 0) > 0))
);

CREATE TABLE line (
    flow_year               INTEGER NOT NULL,
    siren                   TEXT COLLATE "C" NOT NULL,
    version                 INTEGER NOT NULL,
    position                INTEGER NOT NULL CHECK (position >= 1),
    reference               TEXT COLLATE "C" NOT NULL,
    title                   TEXT NOT NULL,
    recipient               TEXT NOT NULL,
    purpose                 TEXT NOT NULL,
    channel                 TEXT NOT NULL,
    nature                  TEXT NOT NULL,
    aid_type                TEXT NOT NULL,
    bi_multi                INTEGER NOT NULL CHECK (bi_multi IN (1, 2, 3)),
    -- NaN is larger than any number.
    amount_paid             NUMERIC(15,2) NOT NULL CHECK (amount_paid > 0 AND amount_paid <> 'NaN'),
    cofinancing_received    NUMERIC(15,2) NOT NULL CHECK (cofinancing_received BETWEEN 0 AND amount_paid),
    cofinancing_state       NUMERIC(15,2) CHECK (cofinancing_state BETWEEN 0 AND cofinancing_received),
    cofinancing_collectivities NUMERIC(15,2)
        CHECK (cofinancing_collectivities BETWEEN 0 AND cofinancing_received),
    cofinancing_others      NUMERIC(15,2) CHECK (cofinancing_others BETWEEN 0 AND cofinancing_received),
    own_resources           NUMERIC(15,2) NOT NULL CHECK (own_resources = amount_paid - cofinancing_received),
    service_costs           NUMERIC(15,2) CHECK (service_costs BETWEEN 0 AND amount_paid),
    amount_committed        NUMERIC(15,2) CHECK (amount_committed >= 0 AND amount_committed <> 'NaN'),
    paid_on                 DATE,
    organisation            TEXT,
    organisation_siren      TEXT,
    description             TEXT,
    place                   TEXT,
    starts_on               DATE,
    ends_on                 DATE,
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
);

CREATE TABLE receipt (
    -- 130 random bits, Crockford base 32.
    number       TEXT COLLATE "C" PRIMARY KEY,
    flow_year    INTEGER NOT NULL,
    siren        TEXT COLLATE "C" NOT NULL,
    version      INTEGER NOT NULL,
    -- SHA-256 of the canonical JSON of the filing.
    sha256       TEXT NOT NULL,
    journal_head TEXT NOT NULL,
    issued_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (flow_year, siren, version),
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version)
);

-- Yearly amounts from before the service (rule 5).
CREATE TABLE past_amount (
    flow_year   INTEGER NOT NULL,
    siren       TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    nil         BOOLEAN NOT NULL,
    amount      NUMERIC(15,2) NOT NULL CHECK (amount >= 0 AND amount <> 'NaN'),
    filed_on    DATE,
    source      TEXT NOT NULL CHECK (length(trim(source)) > 0),
    -- Needed from the second revision on.
    reason      TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren, revision),
    CHECK (nil = (amount = 0)),
    CHECK (revision = 1 OR COALESCE(length(trim(reason)), 0) > 0)
);

-- The last version counts (rule 3): every reader of what was filed starts here.
CREATE VIEW effective_filing AS
SELECT f.* FROM filing f
WHERE f.version = (SELECT MAX(l.version) FROM filing l WHERE l.flow_year = f.flow_year AND l.siren = f.siren);

CREATE VIEW effective_past_amount AS
SELECT p.* FROM past_amount p
WHERE p.revision = (SELECT MAX(l.revision) FROM past_amount l WHERE l.flow_year = p.flow_year AND l.siren = p.siren);

-- One transaction at a time writes a declaration, until it ends: else the lines of
-- another, written before the filing was there, could join it when both commit.
CREATE FUNCTION eapd_hold_declaration(flow_year INTEGER, siren TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140332, hashtext(siren || ' ' || flow_year));
END $$;

CREATE FUNCTION eapd_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_declaration(NEW.flow_year, NEW.siren);
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren AND f.version = NEW.version),
        'EAPD-G08 a filed version takes no more lines');
    PERFORM eapd_refuse_if(
        NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                     WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0),
        'EAPD-G08 the version of a line is the next one');
    RETURN NEW;
END $$;
CREATE TRIGGER line_guard BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION eapd_line_guard();

CREATE FUNCTION eapd_filing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    managers CONSTANT BOOLEAN := NEW.kind IN ('rectified', 'annulled', 'taken_over');
    sealed RECORD;
BEGIN
    IF managers THEN
        PERFORM eapd_hold_campaign(NEW.flow_year + 1);
    ELSE
        PERFORM eapd_share_campaign(NEW.flow_year + 1);
    END IF;
    PERFORM eapd_hold_declaration(NEW.flow_year, NEW.siren);
    PERFORM eapd_refuse_if(
        NEW.version <> 1 + COALESCE((SELECT MAX(f.version) FROM filing f
                                     WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren), 0)
        OR EXISTS (SELECT 1 FROM filing f
                   WHERE f.flow_year = NEW.flow_year AND f.siren = NEW.siren AND f.filed_at > NEW.filed_at),
        'EAPD-G03 versions are only added, in order');
    PERFORM eapd_check_now(NEW.filed_at);
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.flow_year + 1 AND NEW.filed_at >= w.opens_at)
        OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'cancelled'),
        'EAPD-G09 no campaign takes this filing');
    IF NOT managers THEN
        PERFORM eapd_refuse_if(EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1),
            'EAPD-G11 the campaign is settled');
        PERFORM eapd_refuse_if(
            NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.flow_year + 1
                        AND NEW.filed_at >= w.opens_at AND NEW.filed_at < w.closes_at)
            AND NOT EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.flow_year + 1
                            AND NEW.filed_at >= e.decided_at AND NEW.filed_at < e.closes_at)
            AND NOT EXISTS (SELECT 1 FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id
                            WHERE d.kind = 'filing' AND d.siren = NEW.siren AND d.campaign = NEW.flow_year + 1
                            AND NEW.filed_at >= d.decided_at AND NEW.filed_at < d.until_at
                            AND (r.decided_at IS NULL OR NEW.filed_at < r.decided_at)),
            'EAPD-G12 the window is closed');
    END IF;
    SELECT COUNT(*) AS lines, COALESCE(SUM(l.amount_paid), 0) AS paid, COALESCE(SUM(l.own_resources), 0) AS own
    INTO sealed FROM line l
    WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren AND l.version = NEW.version;
    PERFORM eapd_refuse_if(
        sealed.lines <> NEW.line_count OR sealed.paid <> NEW.total_paid OR sealed.own <> NEW.total_own,
        'EAPD-G13 the filing does not seal its lines');
    RETURN NEW;
END $$;
CREATE TRIGGER filing_guard BEFORE INSERT ON filing FOR EACH ROW EXECUTE FUNCTION eapd_filing_guard();

CREATE FUNCTION eapd_past_amount_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_campaign(NEW.flow_year + 1);
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + COALESCE((SELECT MAX(p.revision) FROM past_amount p
                                      WHERE p.flow_year = NEW.flow_year AND p.siren = NEW.siren), 0),
        'EAPD-G03 past amounts are only added to');
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM campaign c WHERE c.year = NEW.flow_year + 1
                AND NOT EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = c.year AND s.step = 'cancelled')),
        'EAPD-G14 the year has a campaign');
    RETURN NEW;
END $$;
CREATE TRIGGER past_amount_guard BEFORE INSERT ON past_amount FOR EACH ROW EXECUTE FUNCTION eapd_past_amount_guard();

CREATE FUNCTION eapd_campaign_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_campaign(NEW.campaign);
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign AND s.step = 'cancelled'),
        'EAPD-G15 the campaign is cancelled');
    PERFORM eapd_refuse_if(NEW.step = 'settled' AND (
        NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND w.closes_at <= NEW.decided_at)
        OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign AND e.closes_at > NEW.decided_at)),
        'EAPD-G15 the window is not over');
    PERFORM eapd_refuse_if(NEW.step = 'published' AND NOT EXISTS (SELECT 1 FROM campaign_step s
        WHERE s.campaign = NEW.campaign AND s.step = 'settled' AND s.decided_at <= NEW.decided_at),
        'EAPD-G15 only a settled campaign is published');
    PERFORM eapd_refuse_if(NEW.step = 'cancelled' AND (length(trim(NEW.reason)) = 0
        OR EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.campaign - 1)
        OR EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND w.opens_at <= NEW.decided_at)),
        'EAPD-G15 only a campaign without filings is cancelled');
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_step_guard BEFORE INSERT ON campaign_step
    FOR EACH ROW EXECUTE FUNCTION eapd_campaign_step_guard();

SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'draft');
SELECT eapd_grant('SELECT', 'effective_filing');
SELECT eapd_grant('SELECT', 'effective_past_amount');
SELECT eapd_append_only('filing', 'EAPD-G00 a filing is never changed');
SELECT eapd_append_only('line', 'EAPD-G00 a line is never changed');
SELECT eapd_append_only('receipt', 'EAPD-G00 a receipt is never changed');
SELECT eapd_append_only('past_amount', 'EAPD-G00 a past amount is never changed');
SELECT eapd_pin_guards();
