-- Accounts of agents, their sessions, and the collectivities for which they act.
-- Names, functions and addresses stay in `person` alone (rule 14).

-- The address is what an agent signs in with. The program writes it in one form
-- (trimmed, lower case, ASCII), so that both engines compare it alike.
CREATE UNIQUE INDEX person_agent_by_email ON person (email) WHERE kind = 'agent' AND erased_at IS NULL;

CREATE TABLE account (
    person              TEXT COLLATE "C" PRIMARY KEY REFERENCES person (id),
    -- argon2id, as a PHC string with its parameters and its salt.
    password_hash       TEXT NOT NULL,
    role                TEXT NOT NULL CHECK (role IN ('declarant', 'sgar', 'instructor', 'manager', 'observer', 'administrator')),
    region              TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    -- When the address was confirmed by a link.
    confirmed_at        TIMESTAMPTZ,
    password_changed_at TIMESTAMPTZ NOT NULL,
    signed_in_at        TIMESTAMPTZ,
    disabled_at         TIMESTAMPTZ,
    CHECK ((role = 'sgar') = (region IS NOT NULL))
);

CREATE TABLE session (
    -- Under which its owner sees and ends it.
    id            TEXT COLLATE "C" PRIMARY KEY,
    -- SHA-256 of what the cookie holds.
    secret_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
    person        TEXT COLLATE "C" NOT NULL REFERENCES account (person),
    -- What the browser says of itself, shortened.
    browser       TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    -- The last request, to the minute.
    seen_at       TIMESTAMPTZ NOT NULL,
    ended_at      TIMESTAMPTZ
);
CREATE INDEX session_by_person ON session (person, created_at);

-- What a link or a code of a mail opens, once.
CREATE TABLE single_use (
    secret_sha256 TEXT COLLATE "C" PRIMARY KEY,
    purpose       TEXT NOT NULL CHECK (purpose IN ('confirm', 'reset', 'code')),
    person        TEXT COLLATE "C" NOT NULL REFERENCES account (person),
    siren         TEXT COLLATE "C" REFERENCES collectivity (siren),
    created_at    TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    -- Wrong codes typed for it.
    tries         INTEGER NOT NULL,
    used_at       TIMESTAMPTZ,
    CHECK ((purpose = 'code') = (siren IS NOT NULL))
);
CREATE INDEX single_use_by_person ON single_use (person, purpose);

-- An agent asks to act for a collectivity. Only the message can be forgotten.
CREATE TABLE attachment (
    id       TEXT COLLATE "C" PRIMARY KEY,
    person   TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    siren    TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    -- Which request of this person for this collectivity, from 1: one is open at a time.
    ordinal  INTEGER NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    message  TEXT,
    UNIQUE (person, siren, ordinal)
);
CREATE INDEX attachment_by_siren ON attachment (siren, asked_at);

-- What became of it: only ever added to.
CREATE TABLE attachment_step (
    attachment TEXT COLLATE "C" NOT NULL REFERENCES attachment (id),
    revision   INTEGER NOT NULL,
    step       TEXT NOT NULL CHECK (step IN ('accepted', 'refused', 'withdrawn', 'detached')),
    how        TEXT NOT NULL CHECK (how IN ('peer', 'sgar', 'ministry', 'code', 'own', 'operator')),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    reason     TEXT,
    PRIMARY KEY (attachment, revision)
);

-- Addresses that the register or a file of contacts holds for a collectivity.
CREATE TABLE contact (
    id          TEXT COLLATE "C" PRIMARY KEY,
    siren       TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    email       TEXT NOT NULL,
    source      TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    UNIQUE (siren, email)
);

-- Failures, by the hash of what they were tried on: no address is readable here.
CREATE TABLE attempt (
    key_sha256 TEXT COLLATE "C" PRIMARY KEY,
    failures   INTEGER NOT NULL,
    last_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX attempt_by_instant ON attempt (last_at);

-- What was sent without a session, for an hour: shown again after sign-in, never submitted by itself.
CREATE TABLE stash (
    cookie_sha256 TEXT COLLATE "C" PRIMARY KEY,
    -- Who had the session that ended, where it is known: nobody else sees it again.
    person        TEXT,
    path          TEXT NOT NULL,
    body          BYTEA NOT NULL CHECK (length(body) <= 65536),
    kept_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX stash_by_instant ON stash (kept_at);

-- Collectivities that the register does not hold, asked for by agents.
CREATE TABLE missing_collectivity (
    id           TEXT COLLATE "C" PRIMARY KEY,
    person       TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    siren        TEXT,
    departement  TEXT NOT NULL,
    -- SIREN separated by spaces.
    successor_of TEXT NOT NULL,
    message      TEXT,
    asked_at     TIMESTAMPTZ NOT NULL,
    answered_at  TIMESTAMPTZ,
    answered_by  TEXT
);

-- Mails to send: whom to, what they say. The address is looked up when one is sent.
CREATE TABLE mail (
    id         TEXT COLLATE "C" PRIMARY KEY,
    kind       TEXT NOT NULL,
    to_kind    TEXT NOT NULL CHECK (to_kind IN ('person', 'contact', 'region', 'ministry')),
    -- Id of a person or a contact, code of a region.
    to_id      TEXT NOT NULL,
    -- JSON; it may hold the secret of a link.
    data       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX mail_by_recipient ON mail (to_kind, to_id);

CREATE FUNCTION eapd_attachment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140331, 3);
    PERFORM eapd_check_now(NEW.asked_at);
    PERFORM eapd_refuse_if(
        NEW.ordinal <> 1 + COALESCE((SELECT MAX(a.ordinal) FROM attachment a
                                     WHERE a.person = NEW.person AND a.siren = NEW.siren), 0)
        OR EXISTS (SELECT 1 FROM attachment a WHERE a.person = NEW.person AND a.siren = NEW.siren
                   AND COALESCE((SELECT s.step FROM attachment_step s WHERE s.attachment = a.id
                                 ORDER BY s.revision DESC LIMIT 1), 'awaited') IN ('awaited', 'accepted')),
        'EAPD-G19 an attachment is open already');
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_guard BEFORE INSERT ON attachment FOR EACH ROW EXECUTE FUNCTION eapd_attachment_guard();

CREATE FUNCTION eapd_attachment_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.message IS NOT NULL OR NEW.id <> OLD.id OR NEW.person <> OLD.person OR NEW.siren <> OLD.siren
        OR NEW.ordinal <> OLD.ordinal OR NEW.asked_at <> OLD.asked_at,
        'EAPD-G00 an attachment is never changed');
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_kept BEFORE UPDATE ON attachment FOR EACH ROW EXECUTE FUNCTION eapd_attachment_kept();
CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
    FOR EACH ROW EXECUTE FUNCTION eapd_refuse('EAPD-G00 an attachment is never deleted');
CREATE TRIGGER attachment_no_truncate BEFORE TRUNCATE ON attachment
    FOR EACH STATEMENT EXECUTE FUNCTION eapd_refuse('EAPD-G00 an attachment is never deleted');

-- Asked, then accepted, refused or withdrawn; accepted, then detached; nothing else.
CREATE FUNCTION eapd_attachment_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    revisions INTEGER;
    last_step TEXT;
    last_at   TIMESTAMPTZ;
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM pg_advisory_xact_lock(20140331, 3);
    PERFORM eapd_check_now(NEW.decided_at);
    SELECT COALESCE(MAX(s.revision), 0) INTO revisions FROM attachment_step s WHERE s.attachment = NEW.attachment;
    SELECT COALESCE(s.step, 'awaited'), COALESCE(s.decided_at, a.asked_at) INTO last_step, last_at
    FROM attachment a LEFT JOIN attachment_step s ON s.attachment = a.id AND s.revision = revisions
    WHERE a.id = NEW.attachment;
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + revisions OR NEW.decided_at < last_at
        OR (NEW.step = 'detached') <> (last_step = 'accepted')
        OR last_step NOT IN ('awaited', 'accepted'),
        'EAPD-G19 an attachment goes from asked to accepted to detached');
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_step_guard BEFORE INSERT ON attachment_step
    FOR EACH ROW EXECUTE FUNCTION eapd_attachment_step_guard();

SELECT eapd_append_only('attachment_step', 'EAPD-G00 a decision is never changed');
SELECT eapd_grant('SELECT, INSERT, UPDATE (message)', 'attachment');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'account');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'session');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'single_use');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'contact');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'attempt');
SELECT eapd_grant('SELECT, INSERT, DELETE', 'stash');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'missing_collectivity');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'mail');
SELECT eapd_pin_guards();
