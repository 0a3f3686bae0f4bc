-- The register of collectivities. Identity and existence are mutable facts;
-- what a body was in a year (name, kind, region) is only ever added to.
CREATE TABLE collectivity (
    -- The SIREN, or `kind:code` while the SIREN is not known.
    id           TEXT PRIMARY KEY,
    siren        TEXT UNIQUE CHECK (siren IS NULL OR siren = id),
    exists_from  TEXT,
    -- Last day, inclusive.
    exists_until TEXT,
    -- Millésime of the last register that held the body.
    millesime    INTEGER NOT NULL,
    source       TEXT NOT NULL,
    -- Current name, folded, so that both engines order alike.
    sort_key     TEXT NOT NULL,
    CHECK (exists_from IS NULL OR exists_until IS NULL OR exists_from <= exists_until)
) STRICT, WITHOUT ROWID;
CREATE INDEX collectivity_by_name ON collectivity (sort_key, id);

-- What a body is from a flow year on; year 0 stands for "as far as is known".
CREATE TABLE collectivity_state (
    collectivity TEXT NOT NULL REFERENCES collectivity (id) DEFERRABLE INITIALLY DEFERRED,
    from_year    INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    code         TEXT NOT NULL,
    name         TEXT NOT NULL,
    departement  TEXT,
    region       TEXT NOT NULL,
    population   INTEGER,
    reason       TEXT NOT NULL,
    recorded_at  TEXT NOT NULL,
    PRIMARY KEY (collectivity, from_year, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX collectivity_state_by_region ON collectivity_state (region, collectivity);

-- Regions that a body over several of them is associated to, outside their totals.
CREATE TABLE associated_region (
    collectivity TEXT NOT NULL REFERENCES collectivity (id),
    region       TEXT NOT NULL,
    from_year    INTEGER NOT NULL,
    -- Last flow year, inclusive; open where NULL.
    to_year      INTEGER,
    PRIMARY KEY (collectivity, region, from_year)
) STRICT, WITHOUT ROWID;

-- Mergers and splits: who follows whom, from which day.
CREATE TABLE succession (
    predecessor TEXT NOT NULL REFERENCES collectivity (id),
    successor   TEXT NOT NULL REFERENCES collectivity (id),
    on_day      TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
    reason      TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (predecessor, successor),
    CHECK (predecessor <> successor)
) STRICT, WITHOUT ROWID;
CREATE INDEX succession_by_successor ON succession (successor, predecessor);

-- Closure of `succession`, rebuilt with it: every ancestor of a body.
CREATE TABLE lineage (
    collectivity TEXT NOT NULL,
    ancestor     TEXT NOT NULL,
    PRIMARY KEY (collectivity, ancestor)
) STRICT, WITHOUT ROWID;
CREATE INDEX lineage_by_ancestor ON lineage (ancestor, collectivity);

-- Search: the folded words of the names, the codes and the postcodes.
CREATE TABLE collectivity_word (
    word         TEXT NOT NULL,
    collectivity TEXT NOT NULL,
    PRIMARY KEY (word, collectivity)
) STRICT, WITHOUT ROWID;

-- SQLite checks foreign keys on the connections that ask for it only: the guards
-- of this file and the next ones refuse rows on those that do not.
CREATE TRIGGER collectivity_state_guard BEFORE INSERT ON collectivity_state
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G02 the states of a collectivity are only added to')
    WHERE EXISTS (SELECT 1 FROM collectivity_state s WHERE s.collectivity = NEW.collectivity
                  AND s.from_year = NEW.from_year AND s.revision = NEW.revision);
END;
CREATE TRIGGER collectivity_state_no_update BEFORE UPDATE ON collectivity_state
BEGIN SELECT RAISE(ABORT, 'EAPD-G02 the states of a collectivity are only added to'); END;
CREATE TRIGGER collectivity_state_no_delete BEFORE DELETE ON collectivity_state
BEGIN SELECT RAISE(ABORT, 'EAPD-G02 the states of a collectivity are only added to'); END;
CREATE TRIGGER collectivity_no_delete BEFORE DELETE ON collectivity
BEGIN SELECT RAISE(ABORT, 'EAPD-G02 the register deletes nothing'); END;
CREATE TRIGGER collectivity_no_replace BEFORE INSERT ON collectivity
WHEN EXISTS (SELECT 1 FROM collectivity c WHERE c.id = NEW.id OR c.siren = NEW.siren)
BEGIN SELECT RAISE(ABORT, 'EAPD-G02 the collectivity exists'); END;
-- The key of a body that has a SIREN never changes: filings hang on it.
CREATE TRIGGER collectivity_keeps_key BEFORE UPDATE ON collectivity
WHEN NEW.id <> OLD.id OR NEW.siren IS NOT OLD.siren
BEGIN SELECT RAISE(ABORT, 'EAPD-G02 the key of a collectivity never changes'); END;
