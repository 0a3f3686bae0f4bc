-- Identifiers of the CRS (ADR 18): given when a report is released, stable for life, never given twice. The first four
-- digits are the year of the original commitment, which is the flow year in which the activity was first released.
--
-- What an activity is called by a body: SIREN and reference over the years are one activity (rule 8). A successor that
-- goes on with a predecessor's activity adds a row with the same identifier.
CREATE TABLE crs_activity (
    siren     TEXT NOT NULL REFERENCES collectivity (siren),
    reference TEXT NOT NULL,
    crs_id    TEXT NOT NULL CHECK (length(crs_id) = 10 AND crs_id NOT GLOB '*[^0-9]*'),
    -- Of the release that first told it.
    flow_year INTEGER NOT NULL,
    edition   INTEGER NOT NULL,
    PRIMARY KEY (siren, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX crs_activity_by_id ON crs_activity (crs_id);

-- Payments told together: by recipient, purpose, channel and type of aid of a flow year.
CREATE TABLE crs_group (
    flow_year INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    purpose   TEXT NOT NULL,
    channel   TEXT NOT NULL,
    aid_type  TEXT NOT NULL,
    crs_id    TEXT NOT NULL UNIQUE CHECK (length(crs_id) = 10 AND crs_id NOT GLOB '*[^0-9]*'),
    edition   INTEGER NOT NULL,
    PRIMARY KEY (flow_year, recipient, purpose, channel, aid_type)
) STRICT, WITHOUT ROWID;

-- What an edition told of each line, so that the next one can say what it revises.
CREATE TABLE crs_release_line (
    flow_year INTEGER NOT NULL,
    edition   INTEGER NOT NULL,
    siren     TEXT NOT NULL,
    reference TEXT NOT NULL,
    crs_id    TEXT NOT NULL,
    -- The version that the values are of.
    version   INTEGER NOT NULL,
    nature    INTEGER NOT NULL CHECK (nature IN (1, 2, 3, 8)),
    -- SHA-256 of the values told, but for the identifier and the nature.
    digest    TEXT NOT NULL,
    PRIMARY KEY (flow_year, edition, siren, reference, crs_id),
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version)
) STRICT, WITHOUT ROWID;

-- The guards ask for the last edition row by row. In the table each look would read the files whole: SQLite compares
-- keys with the rows that they are in.
CREATE INDEX report_release_by_edition ON report_release (name, flow_year, edition);

CREATE TRIGGER crs_activity_guard BEFORE INSERT ON crs_activity
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the activity has its identifier')
    WHERE EXISTS (SELECT 1 FROM crs_activity a WHERE a.siren = NEW.siren AND a.reference = NEW.reference);
    SELECT RAISE(ABORT, 'EAPD-G24 identifiers are given with the edition that tells them')
    WHERE NEW.edition IS NOT (SELECT MAX(r.edition) FROM report_release r
                              WHERE r.name = 'ocde-crs' AND r.flow_year = NEW.flow_year);
    -- Its first year, or one of this body or of a predecessor: never another's.
    SELECT RAISE(ABORT, 'EAPD-G24 the identifier is not of this activity')
    WHERE CASE WHEN EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id)
          THEN NOT EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id AND (a.siren = NEW.siren
                           OR EXISTS (SELECT 1 FROM lineage g WHERE g.collectivity = NEW.siren AND g.ancestor = a.siren)))
          ELSE CAST(substr(NEW.crs_id, 1, 4) AS INTEGER) <> NEW.flow_year
               OR EXISTS (SELECT 1 FROM crs_group o WHERE o.crs_id = NEW.crs_id) END;
END;
CREATE TRIGGER crs_activity_no_update BEFORE UPDATE ON crs_activity
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an identifier is never changed'); END;
CREATE TRIGGER crs_activity_no_delete BEFORE DELETE ON crs_activity
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an identifier is never changed'); END;

CREATE TRIGGER crs_group_guard BEFORE INSERT ON crs_group
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the group has its identifier')
    WHERE EXISTS (SELECT 1 FROM crs_group o WHERE o.crs_id = NEW.crs_id OR (o.flow_year = NEW.flow_year
                  AND o.recipient = NEW.recipient AND o.purpose = NEW.purpose AND o.channel = NEW.channel
                  AND o.aid_type = NEW.aid_type));
    SELECT RAISE(ABORT, 'EAPD-G24 identifiers are given with the edition that tells them')
    WHERE NEW.edition IS NOT (SELECT MAX(r.edition) FROM report_release r
                              WHERE r.name = 'ocde-crs-regroupe' AND r.flow_year = NEW.flow_year);
    SELECT RAISE(ABORT, 'EAPD-G24 the identifier is not of this group')
    WHERE CAST(substr(NEW.crs_id, 1, 4) AS INTEGER) <> NEW.flow_year
       OR EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id);
END;
CREATE TRIGGER crs_group_no_update BEFORE UPDATE ON crs_group
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an identifier is never changed'); END;
CREATE TRIGGER crs_group_no_delete BEFORE DELETE ON crs_group
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an identifier is never changed'); END;

CREATE TRIGGER crs_release_line_guard BEFORE INSERT ON crs_release_line
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the edition has told this line')
    WHERE EXISTS (SELECT 1 FROM crs_release_line p WHERE p.flow_year = NEW.flow_year AND p.edition = NEW.edition
                  AND p.siren = NEW.siren AND p.reference = NEW.reference AND p.crs_id = NEW.crs_id);
    SELECT RAISE(ABORT, 'EAPD-G24 a line is told with its edition')
    WHERE NEW.edition IS NOT (SELECT MAX(r.edition) FROM report_release r
                              WHERE r.name = 'ocde-crs' AND r.flow_year = NEW.flow_year);
    SELECT RAISE(ABORT, 'EAPD-G24 the identifier is not of this activity')
    WHERE NOT EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id);
END;
CREATE TRIGGER crs_release_line_no_update BEFORE UPDATE ON crs_release_line
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 what an edition told is never changed'); END;
CREATE TRIGGER crs_release_line_no_delete BEFORE DELETE ON crs_release_line
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 what an edition told is never changed'); END;
