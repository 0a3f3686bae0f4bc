-- Public titles that a manager puts in place of those declared (rule 15), until the campaign is published. What was
-- filed is not touched. The last row of a line counts, for the versions that declare the title it was put in place of.
CREATE TABLE public_title (
    flow_year       INTEGER NOT NULL,
    siren           TEXT NOT NULL REFERENCES collectivity (siren),
    reference       TEXT NOT NULL,
    revision        INTEGER NOT NULL CHECK (revision >= 1),
    -- SHA-256 of the title declared: a version with another one shows its own.
    declared_sha256 TEXT NOT NULL,
    title           TEXT NOT NULL CHECK (length(trim(title)) > 0),
    reason          TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by      TEXT NOT NULL,
    decided_at      TEXT NOT NULL,
    PRIMARY KEY (flow_year, siren, reference, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER public_title_guard BEFORE INSERT ON public_title
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 public titles are only added to')
    WHERE NEW.revision <> 1 + COALESCE((SELECT MAX(t.revision) FROM public_title t WHERE t.flow_year = NEW.flow_year
                                        AND t.siren = NEW.siren AND t.reference = NEW.reference), 0);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.decided_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.decided_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.decided_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G22 the campaign is published')
    WHERE EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'published');
    SELECT RAISE(ABORT, 'EAPD-G22 there is no such line')
    WHERE NOT EXISTS (SELECT 1 FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren
                      AND l.reference = NEW.reference);
END;
CREATE TRIGGER public_title_no_update BEFORE UPDATE ON public_title
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER public_title_no_delete BEFORE DELETE ON public_title
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
