-- Lists whose eligibility is asked for, kept for a day; dossiers put to a call (rule 11); certificates (rule 9).

CREATE TABLE asked_list (
    -- 130 random bits: part of the address of the answers.
    id      TEXT COLLATE "C" PRIMARY KEY,
    -- Who asks: nobody else sees it.
    person  TEXT COLLATE "C" NOT NULL,
    call    TEXT COLLATE "C" NOT NULL REFERENCES call (code),
    content BYTEA NOT NULL CHECK (length(content) <= 10485760),
    kept_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX asked_list_by_person ON asked_list (person, kept_at);
CREATE INDEX asked_list_by_instant ON asked_list (kept_at);

-- A group that applies together, as long as it waits to be examined.
CREATE TABLE call_dossier (
    call         TEXT COLLATE "C" NOT NULL REFERENCES call (code),
    name         TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    put_by       TEXT NOT NULL,
    put_at       TIMESTAMPTZ NOT NULL,
    -- The answer as somebody last noted it, in the codes of the contract: what changed since is told.
    noted_status TEXT NOT NULL,
    noted_reason TEXT NOT NULL,
    noted_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (call, name)
);

CREATE TABLE call_dossier_member (
    call    TEXT COLLATE "C" NOT NULL,
    dossier TEXT COLLATE "C" NOT NULL,
    rank    INTEGER NOT NULL CHECK (rank >= 1),
    role    TEXT NOT NULL CHECK (role IN ('lead', 'partner')),
    -- A French collectivity by its SIREN, anyone else by a name, which may be empty.
    siren   TEXT COLLATE "C",
    name    TEXT COLLATE "C",
    PRIMARY KEY (call, dossier, rank),
    CHECK ((siren IS NULL) <> (name IS NULL)),
    FOREIGN KEY (call, dossier) REFERENCES call_dossier (call, name) ON DELETE CASCADE
);
CREATE INDEX call_dossier_member_by_siren ON call_dossier_member (siren);

CREATE TABLE certificate (
    -- 130 random bits, Crockford base 32.
    number       TEXT COLLATE "C" PRIMARY KEY,
    -- Of any valid SIREN: that the register does not hold it can be certified too.
    siren        TEXT COLLATE "C" NOT NULL,
    call         TEXT COLLATE "C" NOT NULL REFERENCES call (code),
    -- The last one on a body and a call replaces those before.
    rank         INTEGER NOT NULL CHECK (rank >= 1),
    -- The answer as it was, canonical JSON, and its SHA-256.
    facts        TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    journal_head TEXT NOT NULL,
    issued_by    TEXT NOT NULL,
    issued_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (siren, call, rank)
);

CREATE TABLE certificate_revocation (
    number     TEXT COLLATE "C" PRIMARY KEY REFERENCES certificate (number),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

CREATE FUNCTION eapd_certificate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_now(NEW.issued_at);
    PERFORM eapd_refuse_if(
        NEW.rank <> 1 + COALESCE((SELECT MAX(c.rank) FROM certificate c
                                  WHERE c.siren = NEW.siren AND c.call = NEW.call), 0),
        'EAPD-G03 certificates are only added to');
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_guard BEFORE INSERT ON certificate FOR EACH ROW EXECUTE FUNCTION eapd_certificate_guard();

CREATE FUNCTION eapd_certificate_revocation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM certificate c WHERE c.number = NEW.number AND c.issued_at <= NEW.decided_at),
        'EAPD-G07 a revocation follows its certificate');
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_revocation_guard BEFORE INSERT ON certificate_revocation
    FOR EACH ROW EXECUTE FUNCTION eapd_certificate_revocation_guard();

SELECT eapd_append_only('certificate', 'EAPD-G00 a certificate is never changed');
SELECT eapd_append_only('certificate_revocation', 'EAPD-G00 a decision is never changed');
SELECT eapd_grant('SELECT, INSERT, DELETE', 'asked_list');
SELECT eapd_grant('SELECT, INSERT, UPDATE, DELETE', 'call_dossier');
SELECT eapd_grant('SELECT, INSERT, DELETE', 'call_dossier_member');
SELECT eapd_pin_guards();
