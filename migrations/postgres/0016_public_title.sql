-- Public titles that a manager puts in place of those declared (rule 15), until the campaign is published. What was
-- filed is not touched. The last row of a line counts, for the versions that declare the title it was put in place of.
CREATE TABLE public_title (
    flow_year       INTEGER NOT NULL,
    siren           TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    reference       TEXT COLLATE "C" NOT NULL,
    revision        INTEGER NOT NULL CHECK (revision >= 1),
    -- SHA-256 of the title declared: a version with another one shows its own.
    declared_sha256 TEXT NOT NULL,
    title           TEXT NOT NULL CHECK (length(trim(title)) > 0),
    reason          TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    decided_by      TEXT NOT NULL,
    decided_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flow_year, siren, reference, revision)
);

CREATE FUNCTION eapd_public_title_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nobody publishes meanwhile.
    PERFORM eapd_share_campaign(NEW.flow_year + 1);
    PERFORM eapd_hold_declaration(NEW.flow_year, NEW.siren);
    PERFORM eapd_refuse_if(
        NEW.revision <> 1 + COALESCE((SELECT MAX(t.revision) FROM public_title t WHERE t.flow_year = NEW.flow_year
                                      AND t.siren = NEW.siren AND t.reference = NEW.reference), 0),
        'EAPD-G03 public titles are only added to');
    PERFORM eapd_check_now(NEW.decided_at);
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = NEW.flow_year + 1 AND s.step = 'published'),
        'EAPD-G22 the campaign is published');
    PERFORM eapd_refuse_if(
        NOT EXISTS (SELECT 1 FROM line l WHERE l.flow_year = NEW.flow_year AND l.siren = NEW.siren
                    AND l.reference = NEW.reference),
        'EAPD-G22 there is no such line');
    RETURN NEW;
END $$;
CREATE TRIGGER public_title_guard BEFORE INSERT ON public_title
    FOR EACH ROW EXECUTE FUNCTION eapd_public_title_guard();

SELECT eapd_append_only('public_title', 'EAPD-G00 a decision is never changed');
SELECT eapd_pin_guards();
