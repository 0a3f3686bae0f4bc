-- The second factor of whoever sees or decides more than a declarant, invitations, and the ways into the journal.

CREATE TABLE second_factor (
    person       TEXT COLLATE "C" PRIMARY KEY REFERENCES account (person),
    -- What the service shares with the application of the person: 160 random bits, in base 32.
    key          TEXT,
    -- One that no code has confirmed yet: nothing is opened by it.
    next_key     TEXT,
    confirmed_at TIMESTAMPTZ,
    -- The last step of 30 seconds whose code was taken: no code of it or of one before serves again.
    last_step    BIGINT NOT NULL,
    CHECK ((key IS NULL) = (confirmed_at IS NULL))
);

-- What opens the account once without the application: only hashes of what is printed.
CREATE TABLE recovery_code (
    person      TEXT COLLATE "C" NOT NULL REFERENCES second_factor (person),
    code_sha256 TEXT COLLATE "C" NOT NULL,
    used_at     TIMESTAMPTZ,
    PRIMARY KEY (person, code_sha256)
);

-- A link of an invitation, and what a password alone gives to whoever has a second factor, serve once too.
CREATE TABLE opened_once (
    secret_sha256 TEXT COLLATE "C" PRIMARY KEY,
    purpose       TEXT NOT NULL CHECK (purpose IN ('confirm', 'reset', 'code', 'invite', 'step')),
    person        TEXT COLLATE "C" NOT NULL REFERENCES account (person),
    siren         TEXT COLLATE "C" REFERENCES collectivity (siren),
    created_at    TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    -- Wrong codes typed for it.
    tries         INTEGER NOT NULL,
    used_at       TIMESTAMPTZ,
    CHECK ((purpose = 'code') = (siren IS NOT NULL))
);
INSERT INTO opened_once (secret_sha256, purpose, person, siren, created_at, expires_at, tries, used_at)
SELECT secret_sha256, purpose, person, siren, created_at, expires_at, tries, used_at FROM single_use;
DROP TABLE single_use;
ALTER TABLE opened_once RENAME TO single_use;
CREATE INDEX single_use_by_person ON single_use (person, purpose);

-- Sessions that a password alone opened are over for whoever needs a code from now on.
DELETE FROM session WHERE person IN (SELECT a.person FROM account a WHERE a.role <> 'declarant');

-- The journal is searched by who acted, by what was done and by the collectivity it was done to: the one that the
-- subject names, or else the one that the state after does. By instant it is in order already.
ALTER TABLE journal ADD COLUMN siren TEXT GENERATED ALWAYS AS (
    CASE WHEN subject ~ '^[0-9]{9}(/|$)' THEN substr(subject, 1, 9)
         ELSE substring(after FROM '"siren":"([0-9]{9})"') END) STORED;
CREATE INDEX journal_by_siren ON journal (siren, seq) WHERE siren IS NOT NULL;
CREATE INDEX journal_by_actor ON journal (actor, seq);
CREATE INDEX journal_by_action ON journal (action, seq);

SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'second_factor');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'recovery_code');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'single_use');
