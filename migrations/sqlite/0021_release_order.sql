-- Releases that a manager asked for: the files of a whole year take a while, so an order is worked off beside the
-- requests, by one process at a time, and another takes it up where that one dies. What it makes is in
-- `report_release`; a row here only tells how far it is and what became of it.
CREATE TABLE release_order (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    flow_year    INTEGER NOT NULL,
    -- Random id of a person.
    ordered_by   TEXT NOT NULL,
    ordered_at   TEXT NOT NULL,
    -- Lines written so far, of all that will be, over all files.
    done         INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
    total        INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
    -- How often a process took it.
    attempts     INTEGER NOT NULL DEFAULT 0,
    leased_by    TEXT,
    leased_until TEXT,
    ended_at     TEXT,
    outcome      TEXT CHECK (outcome IN ('released', 'unchanged', 'refused', 'failed')),
    -- The edition there is since.
    edition      INTEGER,
    -- Why not, in French.
    told         TEXT,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;
-- A report of a year is released once at a time: who orders it again joins.
CREATE UNIQUE INDEX release_order_that_waits ON release_order (name, flow_year) WHERE ended_at IS NULL;
CREATE INDEX release_order_by_end ON release_order (ended_at);
