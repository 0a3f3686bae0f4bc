-- Lists whose eligibility is asked for, kept for a day; dossiers put to a call (rule 11); certificates (rule 9).

CREATE TABLE asked_list (
    -- 130 random bits: part of the address of the answers.
    id      TEXT PRIMARY KEY,
    -- Who asks: nobody else sees it.
    person  TEXT NOT NULL,
    call    TEXT NOT NULL REFERENCES call (code),
    content BLOB NOT NULL CHECK (length(content) <= 10485760),
    kept_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_list_by_person ON asked_list (person, kept_at);
CREATE INDEX asked_list_by_instant ON asked_list (kept_at);

-- A group that applies together, as long as it waits to be examined.
CREATE TABLE call_dossier (
    call         TEXT NOT NULL REFERENCES call (code),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    put_by       TEXT NOT NULL,
    put_at       TEXT NOT NULL,
    -- The answer as somebody last noted it, in the codes of the contract: what changed since is told.
    noted_status TEXT NOT NULL,
    noted_reason TEXT NOT NULL,
    noted_at     TEXT NOT NULL,
    PRIMARY KEY (call, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE call_dossier_member (
    call    TEXT NOT NULL,
    dossier TEXT NOT NULL,
    rank    INTEGER NOT NULL CHECK (rank >= 1),
    role    TEXT NOT NULL CHECK (role IN ('lead', 'partner')),
    -- A French collectivity by its SIREN, anyone else by a name, which may be empty.
    siren   TEXT,
    name    TEXT,
    PRIMARY KEY (call, dossier, rank),
    CHECK ((siren IS NULL) <> (name IS NULL)),
    FOREIGN KEY (call, dossier) REFERENCES call_dossier (call, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX call_dossier_member_by_siren ON call_dossier_member (siren);

CREATE TABLE certificate (
    -- 130 random bits, Crockford base 32.
    number       TEXT PRIMARY KEY,
    -- Of any valid SIREN: that the register does not hold it can be certified too.
    siren        TEXT NOT NULL,
    call         TEXT NOT NULL REFERENCES call (code),
    -- The last one on a body and a call replaces those before.
    rank         INTEGER NOT NULL CHECK (rank >= 1),
    -- The answer as it was, canonical JSON, and its SHA-256.
    facts        TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    journal_head TEXT NOT NULL,
    issued_by    TEXT NOT NULL,
    issued_at    TEXT NOT NULL,
    UNIQUE (siren, call, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate_revocation (
    number     TEXT PRIMARY KEY REFERENCES certificate (number),
    reason     TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER certificate_guard BEFORE INSERT ON certificate
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 certificates are only added to')
    WHERE EXISTS (SELECT 1 FROM certificate c WHERE c.number = NEW.number)
       OR NEW.rank <> 1 + COALESCE((SELECT MAX(c.rank) FROM certificate c
                                    WHERE c.siren = NEW.siren AND c.call = NEW.call), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.issued_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.issued_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.issued_at) - strftime('%s', 'now')) > 120);
END;
CREATE TRIGGER certificate_revocation_guard BEFORE INSERT ON certificate_revocation
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 the certificate is revoked already')
    WHERE EXISTS (SELECT 1 FROM certificate_revocation r WHERE r.number = NEW.number);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G07 a revocation follows its certificate')
    WHERE NOT EXISTS (SELECT 1 FROM certificate c WHERE c.number = NEW.number AND c.issued_at <= NEW.decided_at);
END;

CREATE TRIGGER certificate_no_update BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a certificate is never changed'); END;
CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a certificate is never deleted'); END;
CREATE TRIGGER certificate_revocation_no_update BEFORE UPDATE ON certificate_revocation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER certificate_revocation_no_delete BEFORE DELETE ON certificate_revocation
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
