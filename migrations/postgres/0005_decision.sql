-- Decisions about one collectivity (rule 4), calls for projects (rule 9) and
-- expected bodies (rule 11). Rows are only ever added.
CREATE TABLE call (
    code          TEXT COLLATE "C" PRIMARY KEY,
    title         TEXT NOT NULL,
    opens_on      DATE,
    closes_on     DATE,
    examined_on   DATE,
    group_rule    TEXT NOT NULL CHECK (group_rule IN ('all', 'lead')),
    founding_text TEXT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE call_year (
    call      TEXT COLLATE "C" NOT NULL REFERENCES call (code) DEFERRABLE INITIALLY DEFERRED,
    flow_year INTEGER NOT NULL,
    PRIMARY KEY (call, flow_year)
);

CREATE TABLE derogation (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('filing', 'eligibility')),
    siren      TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    campaign   INTEGER REFERENCES campaign (year),
    call       TEXT COLLATE "C" REFERENCES call (code),
    -- Last day of a filing derogation, and the instant after it.
    until_on   DATE,
    until_at   TIMESTAMPTZ CHECK (until_at = (until_on + 1)::timestamp AT TIME ZONE 'Europe/Paris'),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'filing' AND campaign IS NOT NULL AND until_on IS NOT NULL AND until_at IS NOT NULL AND call IS NULL)
        OR (kind = 'eligibility' AND call IS NOT NULL AND campaign IS NULL AND until_on IS NULL AND until_at IS NULL))
);
CREATE INDEX derogation_by_siren ON derogation (siren, campaign, call);

CREATE TABLE revocation (
    derogation INTEGER PRIMARY KEY REFERENCES derogation (id),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

-- Whether a body is expected in a campaign, when a list or a person said so;
-- those that declared in the five years before are found, not stored.
CREATE TABLE expected (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    siren      TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    revision   INTEGER NOT NULL,
    expected   BOOLEAN NOT NULL,
    origin     TEXT NOT NULL CHECK (origin IN ('list', 'manager', 'sgar')),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign, siren, revision)
);

-- The years of a call are inserted before it and sealed by it; one writer at a
-- time, else a year of another transaction could join the call when both commit.
CREATE FUNCTION eapd_call_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140331, 2);
    RETURN NEW;
END $$;
CREATE TRIGGER call_guard BEFORE INSERT ON call FOR EACH ROW EXECUTE FUNCTION eapd_call_guard();

CREATE FUNCTION eapd_call_year_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140331, 2);
    PERFORM eapd_refuse_if(EXISTS (SELECT 1 FROM call c WHERE c.code = NEW.call),
        'EAPD-G03 the years of a call are fixed');
    RETURN NEW;
END $$;
CREATE TRIGGER call_year_guard BEFORE INSERT ON call_year FOR EACH ROW EXECUTE FUNCTION eapd_call_year_guard();

CREATE FUNCTION eapd_derogation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20140331, 1);
    PERFORM eapd_refuse_if(NEW.id <> 1 + COALESCE((SELECT MAX(d.id) FROM derogation d), 0),
        'EAPD-G03 derogations are only added to');
    PERFORM eapd_check_now(NEW.decided_at);
    IF NEW.kind = 'filing' THEN
        PERFORM eapd_share_campaign(NEW.campaign);
        PERFORM eapd_refuse_if(
            NEW.until_at <= NEW.decided_at OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign),
            'EAPD-G07 the campaign takes no filing derogation');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER derogation_guard BEFORE INSERT ON derogation FOR EACH ROW EXECUTE FUNCTION eapd_derogation_guard();

CREATE FUNCTION eapd_revocation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM derogation d WHERE d.id = NEW.derogation AND d.decided_at <= NEW.decided_at),
        'EAPD-G07 a revocation follows its derogation');
    RETURN NEW;
END $$;
CREATE TRIGGER revocation_guard BEFORE INSERT ON revocation FOR EACH ROW EXECUTE FUNCTION eapd_revocation_guard();

CREATE FUNCTION eapd_expected_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + COALESCE((SELECT MAX(e.revision) FROM expected e
                                      WHERE e.campaign = NEW.campaign AND e.siren = NEW.siren), 0),
        'EAPD-G03 decisions on expected bodies are only added to');
    RETURN NEW;
END $$;
CREATE TRIGGER expected_guard BEFORE INSERT ON expected FOR EACH ROW EXECUTE FUNCTION eapd_expected_guard();

SELECT eapd_append_only('call', 'EAPD-G00 a call is never changed');
SELECT eapd_append_only('call_year', 'EAPD-G00 a call is never changed');
SELECT eapd_append_only('derogation', 'EAPD-G00 a decision is never changed');
SELECT eapd_append_only('revocation', 'EAPD-G00 a decision is never changed');
SELECT eapd_append_only('expected', 'EAPD-G00 a decision is never changed');
SELECT eapd_pin_guards();
