-- Identifiers of the CRS (ADR 18): given when a report is released, stable for life, never given twice. The first four
-- digits are the year of the original commitment, which is the flow year in which the activity was first released.
--
-- What an activity is called by a body: SIREN and reference over the years are one activity (rule 8). A successor that
-- goes on with a predecessor's activity adds a row with the same identifier.
CREATE TABLE crs_activity (
    siren     TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    reference TEXT COLLATE "C" NOT NULL,
    crs_id    TEXT COLLATE "C" NOT NULL CHECK (crs_id ~ '^[0-9]{10}$'),
    -- Of the release that first told it.
    flow_year INTEGER NOT NULL,
    edition   INTEGER NOT NULL,
    PRIMARY KEY (siren, reference)
);
CREATE INDEX crs_activity_by_id ON crs_activity (crs_id);

-- Payments told together: by recipient, purpose, channel and type of aid of a flow year.
CREATE TABLE crs_group (
    flow_year INTEGER NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    purpose   TEXT COLLATE "C" NOT NULL,
    channel   TEXT COLLATE "C" NOT NULL,
    aid_type  TEXT COLLATE "C" NOT NULL,
    crs_id    TEXT COLLATE "C" NOT NULL UNIQUE CHECK (crs_id ~ '^[0-9]{10}$'),
    edition   INTEGER NOT NULL,
    PRIMARY KEY (flow_year, recipient, purpose, channel, aid_type)
);

-- What an edition told of each line, so that the next one can say what it revises.
CREATE TABLE crs_release_line (
    flow_year INTEGER NOT NULL,
    edition   INTEGER NOT NULL,
    siren     TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    crs_id    TEXT COLLATE "C" NOT NULL,
    -- The version that the values are of.
    version   INTEGER NOT NULL,
    nature    INTEGER NOT NULL CHECK (nature IN (1, 2, 3, 8)),
    -- SHA-256 of the values told, but for the identifier and the nature.
    digest    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (flow_year, edition, siren, reference, crs_id),
    FOREIGN KEY (flow_year, siren, version) REFERENCES filing (flow_year, siren, version)
);

CREATE FUNCTION eapd_crs_activity_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.edition IS DISTINCT FROM (SELECT MAX(r.edition) FROM report_release r
                                      WHERE r.name = 'ocde-crs' AND r.flow_year = NEW.flow_year),
        'EAPD-G24 identifiers are given with the edition that tells them');
    -- Its first year, or one of this body or of a predecessor: never another's.
    IF EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id) THEN
        PERFORM eapd_refuse_if(
            NOT EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id AND (a.siren = NEW.siren
                        OR EXISTS (SELECT 1 FROM lineage g WHERE g.collectivity = NEW.siren AND g.ancestor = a.siren))),
            'EAPD-G24 the identifier is not of this activity');
    ELSE
        PERFORM eapd_refuse_if(
            CAST(substr(NEW.crs_id, 1, 4) AS INTEGER) <> NEW.flow_year
            OR EXISTS (SELECT 1 FROM crs_group o WHERE o.crs_id = NEW.crs_id),
            'EAPD-G24 the identifier is not of this activity');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER crs_activity_guard BEFORE INSERT ON crs_activity
    FOR EACH ROW EXECUTE FUNCTION eapd_crs_activity_guard();

CREATE FUNCTION eapd_crs_group_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.edition IS DISTINCT FROM (SELECT MAX(r.edition) FROM report_release r
                                      WHERE r.name = 'ocde-crs-regroupe' AND r.flow_year = NEW.flow_year),
        'EAPD-G24 identifiers are given with the edition that tells them');
    PERFORM eapd_refuse_if(
        CAST(substr(NEW.crs_id, 1, 4) AS INTEGER) <> NEW.flow_year
        OR EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id),
        'EAPD-G24 the identifier is not of this group');
    RETURN NEW;
END $$;
CREATE TRIGGER crs_group_guard BEFORE INSERT ON crs_group
    FOR EACH ROW EXECUTE FUNCTION eapd_crs_group_guard();

CREATE FUNCTION eapd_crs_release_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.edition IS DISTINCT FROM (SELECT MAX(r.edition) FROM report_release r
                                      WHERE r.name = 'ocde-crs' AND r.flow_year = NEW.flow_year),
        'EAPD-G24 a line is told with its edition');
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM crs_activity a WHERE a.crs_id = NEW.crs_id),
        'EAPD-G24 the identifier is not of this activity');
    RETURN NEW;
END $$;
CREATE TRIGGER crs_release_line_guard BEFORE INSERT ON crs_release_line
    FOR EACH ROW EXECUTE FUNCTION eapd_crs_release_line_guard();

SELECT eapd_append_only('crs_activity', 'EAPD-G00 an identifier is never changed');
SELECT eapd_append_only('crs_group', 'EAPD-G00 an identifier is never changed');
SELECT eapd_append_only('crs_release_line', 'EAPD-G00 what an edition told is never changed');
SELECT eapd_pin_guards();
