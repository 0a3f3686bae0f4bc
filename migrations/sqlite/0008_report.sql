-- Released reports (rule 12): produced once, served as stored for ever.
CREATE TABLE report_release (
    name           TEXT NOT NULL,
    flow_year      INTEGER NOT NULL,
    format         TEXT NOT NULL,
    edition        INTEGER NOT NULL CHECK (edition >= 1),
    bytes          BLOB NOT NULL,
    -- Of the bytes, and of what they say (a workbook's bytes may change with a library).
    sha256         TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    line_count     INTEGER NOT NULL,
    total_own      INTEGER NOT NULL,
    journal_head   TEXT NOT NULL,
    released_by    TEXT NOT NULL,
    released_at    TEXT NOT NULL,
    PRIMARY KEY (name, flow_year, format, edition)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER report_release_guard BEFORE INSERT ON report_release
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G03 editions are only added, in order')
    WHERE NEW.edition <> 1 + COALESCE((SELECT MAX(r.edition) FROM report_release r WHERE r.name = NEW.name
                                       AND r.flow_year = NEW.flow_year AND r.format = NEW.format), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.released_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.released_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.released_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G17 only a settled campaign has released reports')
    WHERE NOT EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'settled');
END;
CREATE TRIGGER report_release_no_update BEFORE UPDATE ON report_release
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a released report is never changed'); END;
CREATE TRIGGER report_release_no_delete BEFORE DELETE ON report_release
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a released report is never deleted'); END;
