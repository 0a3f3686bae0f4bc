-- What this database is, written once by `eapd migrate`.
CREATE TABLE instance (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    -- A demonstration runs on a simulated clock: its instants are not compared with the engine's.
    demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
    created_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER instance_once BEFORE INSERT ON instance
WHEN EXISTS (SELECT 1 FROM instance)
BEGIN SELECT RAISE(ABORT, 'EAPD-G01 the instance row is written once'); END;
CREATE TRIGGER instance_no_update BEFORE UPDATE ON instance
BEGIN SELECT RAISE(ABORT, 'EAPD-G01 the instance row is written once'); END;
CREATE TRIGGER instance_no_delete BEFORE DELETE ON instance
BEGIN SELECT RAISE(ABORT, 'EAPD-G01 the instance row is written once'); END;
