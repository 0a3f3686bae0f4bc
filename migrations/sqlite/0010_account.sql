-- Accounts of agents, their sessions, and the collectivities for which they act.
-- Names, functions and addresses stay in `person` alone (rule 14).

-- The address is what an agent signs in with. The program writes it in one form
-- (trimmed, lower case, ASCII), so that both engines compare it alike.
CREATE UNIQUE INDEX person_agent_by_email ON person (email) WHERE kind = 'agent' AND erased_at IS NULL;

CREATE TABLE account (
    person              TEXT PRIMARY KEY REFERENCES person (id),
    -- argon2id, as a PHC string with its parameters and its salt.
    password_hash       TEXT NOT NULL,
    role                TEXT NOT NULL CHECK (role IN ('declarant', 'sgar', 'instructor', 'manager', 'observer', 'administrator')),
    region              TEXT,
    created_at          TEXT NOT NULL,
    -- When the address was confirmed by a link.
    confirmed_at        TEXT,
    password_changed_at TEXT NOT NULL,
    signed_in_at        TEXT,
    disabled_at         TEXT,
    CHECK ((role = 'sgar') = (region IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    -- Under which its owner sees and ends it.
    id            TEXT PRIMARY KEY,
    -- SHA-256 of what the cookie holds.
    secret_sha256 TEXT NOT NULL UNIQUE,
    person        TEXT NOT NULL REFERENCES account (person),
    -- What the browser says of itself, shortened.
    browser       TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    -- The last request, to the minute.
    seen_at       TEXT NOT NULL,
    ended_at      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person, created_at);

-- What a link or a code of a mail opens, once.
CREATE TABLE single_use (
    secret_sha256 TEXT PRIMARY KEY,
    purpose       TEXT NOT NULL CHECK (purpose IN ('confirm', 'reset', 'code')),
    person        TEXT NOT NULL REFERENCES account (person),
    siren         TEXT REFERENCES collectivity (siren),
    created_at    TEXT NOT NULL,
    expires_at    TEXT NOT NULL,
    -- Wrong codes typed for it.
    tries         INTEGER NOT NULL,
    used_at       TEXT,
    CHECK ((purpose = 'code') = (siren IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX single_use_by_person ON single_use (person, purpose);

-- An agent asks to act for a collectivity. Only the message can be forgotten.
CREATE TABLE attachment (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES person (id),
    siren    TEXT NOT NULL REFERENCES collectivity (siren),
    -- Which request of this person for this collectivity, from 1: one is open at a time.
    ordinal  INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    message  TEXT,
    UNIQUE (person, siren, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_siren ON attachment (siren, asked_at);

-- What became of it: only ever added to.
CREATE TABLE attachment_step (
    attachment TEXT NOT NULL REFERENCES attachment (id),
    revision   INTEGER NOT NULL,
    step       TEXT NOT NULL CHECK (step IN ('accepted', 'refused', 'withdrawn', 'detached')),
    how        TEXT NOT NULL CHECK (how IN ('peer', 'sgar', 'ministry', 'code', 'own', 'operator')),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    reason     TEXT,
    PRIMARY KEY (attachment, revision)
) STRICT, WITHOUT ROWID;

-- Addresses that the register or a file of contacts holds for a collectivity.
CREATE TABLE contact (
    id          TEXT PRIMARY KEY,
    siren       TEXT NOT NULL REFERENCES collectivity (siren),
    email       TEXT NOT NULL,
    source      TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    UNIQUE (siren, email)
) STRICT, WITHOUT ROWID;

-- Failures, by the hash of what they were tried on: no address is readable here.
CREATE TABLE attempt (
    key_sha256 TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL,
    last_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_by_instant ON attempt (last_at);

-- What was sent without a session, for an hour: shown again after sign-in, never submitted by itself.
CREATE TABLE stash (
    cookie_sha256 TEXT PRIMARY KEY,
    -- Who had the session that ended, where it is known: nobody else sees it again.
    person        TEXT,
    path          TEXT NOT NULL,
    body          BLOB NOT NULL CHECK (length(body) <= 65536),
    kept_at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stash_by_instant ON stash (kept_at);

-- Collectivities that the register does not hold, asked for by agents.
CREATE TABLE missing_collectivity (
    id           TEXT PRIMARY KEY,
    person       TEXT NOT NULL REFERENCES person (id),
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    siren        TEXT,
    departement  TEXT NOT NULL,
    -- SIREN separated by spaces.
    successor_of TEXT NOT NULL,
    message      TEXT,
    asked_at     TEXT NOT NULL,
    answered_at  TEXT,
    answered_by  TEXT
) STRICT, WITHOUT ROWID;

-- Mails to send: whom to, what they say. The address is looked up when one is sent.
CREATE TABLE mail (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    to_kind    TEXT NOT NULL CHECK (to_kind IN ('person', 'contact', 'region', 'ministry')),
    -- Id of a person or a contact, code of a region.
    to_id      TEXT NOT NULL,
    -- JSON; it may hold the secret of a link.
    data       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_by_recipient ON mail (to_kind, to_id);

CREATE TRIGGER attachment_guard BEFORE INSERT ON attachment
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.asked_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.asked_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.asked_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G19 an attachment is open already')
    WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.id = NEW.id)
       OR NEW.ordinal <> 1 + COALESCE((SELECT MAX(a.ordinal) FROM attachment a
                                       WHERE a.person = NEW.person AND a.siren = NEW.siren), 0)
       OR EXISTS (SELECT 1 FROM attachment a WHERE a.person = NEW.person AND a.siren = NEW.siren
                  AND COALESCE((SELECT s.step FROM attachment_step s WHERE s.attachment = a.id
                                ORDER BY s.revision DESC LIMIT 1), 'awaited') IN ('awaited', 'accepted'));
END;
CREATE TRIGGER attachment_kept BEFORE UPDATE ON attachment
WHEN NEW.message IS NOT NULL OR NEW.id <> OLD.id OR NEW.person <> OLD.person OR NEW.siren <> OLD.siren
  OR NEW.ordinal <> OLD.ordinal OR NEW.asked_at <> OLD.asked_at
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an attachment is never changed'); END;
CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 an attachment is never deleted'); END;

-- Asked, then accepted, refused or withdrawn; accepted, then detached; nothing else.
CREATE TRIGGER attachment_step_guard BEFORE INSERT ON attachment_step
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G19 an attachment goes from asked to accepted to detached')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(s.revision) FROM attachment_step s
                                        WHERE s.attachment = NEW.attachment), 0)
       OR NEW.decided_at < COALESCE((SELECT s.decided_at FROM attachment_step s WHERE s.attachment = NEW.attachment
                                     ORDER BY s.revision DESC LIMIT 1),
                                    (SELECT a.asked_at FROM attachment a WHERE a.id = NEW.attachment))
       OR (NEW.step = 'detached') <> (COALESCE((SELECT s.step FROM attachment_step s
            WHERE s.attachment = NEW.attachment ORDER BY s.revision DESC LIMIT 1), 'awaited') = 'accepted')
       OR COALESCE((SELECT s.step FROM attachment_step s WHERE s.attachment = NEW.attachment
                    ORDER BY s.revision DESC LIMIT 1), 'awaited') NOT IN ('awaited', 'accepted');
END;
CREATE TRIGGER attachment_step_no_update BEFORE UPDATE ON attachment_step
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER attachment_step_no_delete BEFORE DELETE ON attachment_step
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
