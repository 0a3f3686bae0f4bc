-- Released reports (rule 12): produced once, served as stored for ever.
CREATE TABLE report_release (
    name           TEXT COLLATE "C" NOT NULL,
    flow_year      INTEGER NOT NULL,
    format         TEXT COLLATE "C" NOT NULL,
    edition        INTEGER NOT NULL CHECK (edition >= 1),
    bytes          BYTEA NOT NULL,
    -- Of the bytes, and of what they say (a workbook's bytes may change with a library).
    sha256         TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    line_count     BIGINT NOT NULL,
    total_own      NUMERIC(15,2) NOT NULL,
    journal_head   TEXT NOT NULL,
    released_by    TEXT NOT NULL,
    released_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (name, flow_year, format, edition)
);

CREATE FUNCTION eapd_report_release_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_campaign(NEW.flow_year + 1);
    PERFORM eapd_refuse_if(
        NEW.edition <> 1 + COALESCE((SELECT MAX(r.edition) FROM report_release r WHERE r.name = NEW.name
                                     AND r.flow_year = NEW.flow_year AND r.format = NEW.format), 0),
        'EAPD-G03 editions are only added, in order');
    PERFORM eapd_check_now(NEW.released_at);
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'settled'),
        'EAPD-G17 only a settled campaign has released reports');
    RETURN NEW;
END $$;
CREATE TRIGGER report_release_guard BEFORE INSERT ON report_release
    FOR EACH ROW EXECUTE FUNCTION eapd_report_release_guard();
SELECT eapd_append_only('report_release', 'EAPD-G00 a released report is never changed');
SELECT eapd_pin_guards();
