-- The register of collectivities. Identity and existence are mutable facts;
-- what a body was in a year (name, kind, region) is only ever added to.
CREATE TABLE collectivity (
    -- The SIREN, or `kind:code` while the SIREN is not known.
    id           TEXT COLLATE "C" PRIMARY KEY,
    siren        TEXT COLLATE "C" UNIQUE CHECK (siren IS NULL OR siren = id),
    exists_from  DATE,
    -- Last day, inclusive.
    exists_until DATE,
    -- Millésime of the last register that held the body.
    millesime    INTEGER NOT NULL,
    source       TEXT NOT NULL,
    -- Current name, folded, so that both engines order alike.
    sort_key     TEXT COLLATE "C" NOT NULL,
    CHECK (exists_from IS NULL OR exists_until IS NULL OR exists_from <= exists_until)
);
CREATE INDEX collectivity_by_name ON collectivity (sort_key, id);

-- What a body is from a flow year on; year 0 stands for "as far as is known".
CREATE TABLE collectivity_state (
    collectivity TEXT COLLATE "C" NOT NULL REFERENCES collectivity (id) DEFERRABLE INITIALLY DEFERRED,
    from_year    INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    departement  TEXT COLLATE "C",
    region       TEXT COLLATE "C" NOT NULL,
    population   BIGINT,
    reason       TEXT NOT NULL,
    recorded_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (collectivity, from_year, revision)
);
CREATE INDEX collectivity_state_by_region ON collectivity_state (region, collectivity);

-- Regions that a body over several of them is associated to, outside their totals.
CREATE TABLE associated_region (
    collectivity TEXT COLLATE "C" NOT NULL REFERENCES collectivity (id),
    region       TEXT COLLATE "C" NOT NULL,
    from_year    INTEGER NOT NULL,
    -- Last flow year, inclusive; open where NULL.
    to_year      INTEGER,
    PRIMARY KEY (collectivity, region, from_year)
);

-- Mergers and splits: who follows whom, from which day.
CREATE TABLE succession (
    predecessor TEXT COLLATE "C" NOT NULL REFERENCES collectivity (id),
    successor   TEXT COLLATE "C" NOT NULL REFERENCES collectivity (id),
    on_day      DATE NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
    reason      TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (predecessor, successor),
    CHECK (predecessor <> successor)
);
CREATE INDEX succession_by_successor ON succession (successor, predecessor);

-- Closure of `succession`, rebuilt with it: every ancestor of a body.
CREATE TABLE lineage (
    collectivity TEXT COLLATE "C" NOT NULL,
    ancestor     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (collectivity, ancestor)
);
CREATE INDEX lineage_by_ancestor ON lineage (ancestor, collectivity);

-- Search: the folded words of the names, the codes and the postcodes.
CREATE TABLE collectivity_word (
    word         TEXT COLLATE "C" NOT NULL,
    collectivity TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (word, collectivity)
);

-- The key of a body that has a SIREN never changes: filings hang on it.
CREATE FUNCTION eapd_collectivity_keeps_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(NEW.id <> OLD.id OR NEW.siren IS DISTINCT FROM OLD.siren,
        'EAPD-G02 the key of a collectivity never changes');
    RETURN NEW;
END $$;
CREATE TRIGGER collectivity_keeps_key BEFORE UPDATE ON collectivity
    FOR EACH ROW EXECUTE FUNCTION eapd_collectivity_keeps_key();
CREATE TRIGGER collectivity_no_delete BEFORE DELETE ON collectivity
    FOR EACH ROW EXECUTE FUNCTION eapd_refuse('EAPD-G02 the register deletes nothing');
CREATE TRIGGER collectivity_no_truncate BEFORE TRUNCATE ON collectivity
    FOR EACH STATEMENT EXECUTE FUNCTION eapd_refuse('EAPD-G02 the register deletes nothing');
SELECT eapd_grant('SELECT, INSERT, UPDATE', 'collectivity');
SELECT eapd_append_only('collectivity_state', 'EAPD-G02 the states of a collectivity are only added to');
SELECT eapd_grant('SELECT, INSERT, UPDATE', 'associated_region');
SELECT eapd_grant('SELECT, INSERT', 'succession');
SELECT eapd_grant('SELECT, INSERT, DELETE', 'lineage');
SELECT eapd_grant('SELECT, INSERT, DELETE', 'collectivity_word');
SELECT eapd_pin_guards();
