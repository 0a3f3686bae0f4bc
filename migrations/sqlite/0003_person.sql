-- The one mutable, purgeable place that names persons (rule 14). Everything
-- else holds the random id only.
CREATE TABLE person (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('operator', 'signatory', 'agent', 'token')),
    name       TEXT,
    function   TEXT,
    email      TEXT,
    created_at TEXT NOT NULL,
    erased_at  TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id            TEXT PRIMARY KEY,
    -- SHA-256 of the secret, which is shown once and never kept.
    secret_sha256 TEXT NOT NULL UNIQUE,
    person        TEXT NOT NULL REFERENCES person (id),
    role          TEXT NOT NULL,
    -- Scopes separated by spaces.
    scopes        TEXT NOT NULL,
    -- SIREN of a declarant, separated by spaces.
    sirens        TEXT NOT NULL,
    region        TEXT,
    created_at    TEXT NOT NULL,
    expires_at    TEXT NOT NULL,
    revoked_at    TEXT
) STRICT, WITHOUT ROWID;

-- Answers already given, by idempotency key, so that a repeated request gets the first one.
CREATE TABLE idempotency (
    scope          TEXT NOT NULL,
    key            TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    receipt        TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
