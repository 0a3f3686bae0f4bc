-- Campaigns (rule 2). Every decision is a row that is only ever added: the
-- dates as planned, extensions, settlement, publication, cancellation.
-- `open` and `over` follow from the clock and are not stored.
CREATE TABLE campaign (
    year       INTEGER PRIMARY KEY CHECK (year BETWEEN 2009 AND 2200),
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE campaign_dates (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    opens_on   DATE NOT NULL,
    closes_on  DATE NOT NULL,
    -- 00:00 in Paris of the first day, and of the day after the last.
    opens_at   TIMESTAMPTZ NOT NULL CHECK (opens_at = opens_on::timestamp AT TIME ZONE 'Europe/Paris'),
    closes_at  TIMESTAMPTZ NOT NULL CHECK (closes_at = (closes_on + 1)::timestamp AT TIME ZONE 'Europe/Paris'),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign, revision),
    CHECK (opens_on <= closes_on)
);

CREATE TABLE extension (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    closes_on  DATE NOT NULL,
    closes_at  TIMESTAMPTZ NOT NULL CHECK (closes_at = (closes_on + 1)::timestamp AT TIME ZONE 'Europe/Paris'),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign, revision)
);

CREATE TABLE campaign_step (
    campaign   INTEGER NOT NULL REFERENCES campaign (year),
    step       TEXT COLLATE "C" NOT NULL CHECK (step IN ('settled', 'published', 'cancelled')),
    reason     TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign, step)
);

-- The planned window in force.
CREATE VIEW campaign_window AS
SELECT d.campaign, d.opens_on, d.closes_on, d.opens_at, d.closes_at
FROM campaign_dates d
WHERE d.revision = (SELECT MAX(l.revision) FROM campaign_dates l WHERE l.campaign = d.campaign);
SELECT eapd_grant('SELECT', 'campaign_window');

-- What a guard reads after a lock has to be what others committed before: a
-- transaction that looks at an older snapshot would not see a settlement.
CREATE FUNCTION eapd_check_isolation() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(current_setting('transaction_isolation') <> 'read committed',
        'EAPD-G18 the guards need READ COMMITTED');
END $$;

-- Filings share the lock of their campaign; decisions about it hold it alone,
-- so that a settlement sees every filing and no filing slips in after it.
CREATE FUNCTION eapd_share_campaign(campaign INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock_shared(20140331, campaign);
END $$;
CREATE FUNCTION eapd_hold_campaign(campaign INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140331, campaign);
END $$;

CREATE FUNCTION eapd_campaign_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_now(NEW.created_at);
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_guard BEFORE INSERT ON campaign FOR EACH ROW EXECUTE FUNCTION eapd_campaign_guard();

CREATE FUNCTION eapd_campaign_dates_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_campaign(NEW.campaign);
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + COALESCE((SELECT MAX(d.revision) FROM campaign_dates d WHERE d.campaign = NEW.campaign), 0),
        'EAPD-G03 the dates of a campaign are only added to');
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign AND NEW.decided_at >= w.opens_at)
        OR EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign)
        OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign)
        OR EXISTS (SELECT 1 FROM filing f WHERE f.flow_year = NEW.campaign - 1),
        'EAPD-G04 the dates change only before the window opens');
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_dates_guard BEFORE INSERT ON campaign_dates
    FOR EACH ROW EXECUTE FUNCTION eapd_campaign_dates_guard();

CREATE FUNCTION eapd_extension_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_campaign(NEW.campaign);
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + COALESCE((SELECT MAX(e.revision) FROM extension e WHERE e.campaign = NEW.campaign), 0),
        'EAPD-G03 extensions are only added to');
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.campaign)
        OR NOT EXISTS (SELECT 1 FROM campaign_window w WHERE w.campaign = NEW.campaign),
        'EAPD-G06 the campaign takes no extension');
    PERFORM eapd_refuse_if(
        NEW.closes_at <= NEW.decided_at
        OR NEW.closes_on <= (SELECT w.closes_on FROM campaign_window w WHERE w.campaign = NEW.campaign)
        OR EXISTS (SELECT 1 FROM extension e WHERE e.campaign = NEW.campaign
                   AND (e.closes_on >= NEW.closes_on OR e.decided_at > NEW.decided_at)),
        'EAPD-G06 an extension only moves the end later');
    RETURN NEW;
END $$;
CREATE TRIGGER extension_guard BEFORE INSERT ON extension FOR EACH ROW EXECUTE FUNCTION eapd_extension_guard();

SELECT eapd_append_only('campaign', 'EAPD-G00 a campaign is never changed');
SELECT eapd_append_only('campaign_dates', 'EAPD-G00 a decision is never changed');
SELECT eapd_append_only('extension', 'EAPD-G00 a decision is never changed');
SELECT eapd_append_only('campaign_step', 'EAPD-G00 a decision is never changed');
SELECT eapd_pin_guards();
