-- Runs of the jobs that have a time: one row a job and due instant, whichever of the processes runs it. Who takes a run
-- holds it until `free_at`, which it moves on while it works; where it dies, another takes the run up from then on. A
-- run that failed waits until the same instant for its next try.
CREATE TABLE job_run (
    job         TEXT NOT NULL,
    due_at      TEXT NOT NULL,
    -- How often a process took it.
    attempts    INTEGER NOT NULL CHECK (attempts > 0),
    -- Random id of the process that took it last, and when.
    instance    TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    -- From when on another may take it.
    free_at     TEXT NOT NULL,
    ended_at    TEXT,
    outcome     TEXT CHECK (outcome IN ('done', 'failed', 'superseded')),
    -- What it did, or why its last try failed, in French; names nobody.
    told        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, due_at),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX job_run_by_end ON job_run (ended_at);
