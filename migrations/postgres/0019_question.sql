-- Questions to a collectivity about what it declared, asked by the ministry or by the prefecture of its region and
-- answered in its own space. Never public.

CREATE TABLE question (
    -- 130 random bits: part of an address.
    id        TEXT COLLATE "C" PRIMARY KEY,
    siren     TEXT COLLATE "C" NOT NULL REFERENCES collectivity (siren),
    flow_year INTEGER NOT NULL,
    -- The line that it is about, or nothing: the whole declaration.
    reference TEXT COLLATE "C",
    -- In whose name it is asked, whatever becomes of the account of who asks.
    asked_as  TEXT NOT NULL CHECK (asked_as IN ('ministry', 'sgar')),
    asked_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX question_by_declaration ON question (siren, flow_year);

-- What is written, in turns: odd ranks ask, even ones answer. Only the text can be forgotten (rule 14).
CREATE TABLE question_message (
    question   TEXT COLLATE "C" NOT NULL REFERENCES question (id),
    rank       INTEGER NOT NULL CHECK (rank >= 1),
    body       TEXT CHECK (length(trim(body)) > 0),
    written_by TEXT COLLATE "C" NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (question, rank)
);
CREATE INDEX question_message_by_author ON question_message (written_by);

-- How it ended: without effect, by a filing derogation, or by a version filed since it was asked.
CREATE TABLE question_end (
    question   TEXT COLLATE "C" PRIMARY KEY REFERENCES question (id),
    outcome    TEXT NOT NULL CHECK (outcome IN ('none', 'derogation', 'version')),
    derogation INTEGER REFERENCES derogation (id),
    version    INTEGER,
    closed_by  TEXT NOT NULL,
    closed_at  TIMESTAMPTZ NOT NULL,
    CHECK ((outcome = 'derogation') = (derogation IS NOT NULL)),
    CHECK ((outcome = 'version') = (version IS NOT NULL))
);
CREATE INDEX question_end_by_instant ON question_end (closed_at);

CREATE FUNCTION eapd_question_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_now(NEW.asked_at);
    PERFORM eapd_refuse_if(NOT EXISTS (SELECT 1 FROM campaign c WHERE c.year = NEW.flow_year + 1),
        'EAPD-G09 no campaign collects the flow year');
    RETURN NEW;
END $$;
CREATE TRIGGER question_guard BEFORE INSERT ON question FOR EACH ROW EXECUTE FUNCTION eapd_question_guard();

-- Nobody files for the declaration, writes in the question or closes it meanwhile.
CREATE FUNCTION eapd_hold_question(asked TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_check_isolation();
    PERFORM eapd_hold_declaration(q.flow_year, q.siren) FROM question q WHERE q.id = asked;
END $$;

-- Asked, answered, asked further, until it is closed.
CREATE FUNCTION eapd_question_message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_question(NEW.question);
    PERFORM eapd_check_now(NEW.written_at);
    PERFORM eapd_refuse_if(
        NEW.body IS NULL
        OR NEW.rank <> 1 + COALESCE((SELECT MAX(m.rank) FROM question_message m WHERE m.question = NEW.question), 0)
        OR EXISTS (SELECT 1 FROM question_end e WHERE e.question = NEW.question)
        OR NEW.written_at < (SELECT q.asked_at FROM question q WHERE q.id = NEW.question)
        OR NEW.written_at < (SELECT MAX(m.written_at) FROM question_message m WHERE m.question = NEW.question),
        'EAPD-G23 a question goes on in turns until it is closed');
    RETURN NEW;
END $$;
CREATE TRIGGER question_message_guard BEFORE INSERT ON question_message
    FOR EACH ROW EXECUTE FUNCTION eapd_question_message_guard();

CREATE FUNCTION eapd_question_end_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_hold_question(NEW.question);
    PERFORM eapd_check_now(NEW.closed_at);
    PERFORM eapd_refuse_if(
        EXISTS (SELECT 1 FROM question_end e WHERE e.question = NEW.question)
        OR NOT EXISTS (SELECT 1 FROM question_message m WHERE m.question = NEW.question)
        OR NEW.closed_at < (SELECT MAX(m.written_at) FROM question_message m WHERE m.question = NEW.question),
        'EAPD-G23 a question is closed once, after what was written');
    PERFORM eapd_refuse_if(
        NEW.derogation IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM question q
                        JOIN derogation d ON d.siren = q.siren AND d.campaign = q.flow_year + 1 AND d.kind = 'filing'
                        WHERE q.id = NEW.question AND d.id = NEW.derogation),
        'EAPD-G23 the derogation is not of this declaration');
    PERFORM eapd_refuse_if(
        NEW.version IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM question q
                        JOIN filing f ON f.flow_year = q.flow_year AND f.siren = q.siren AND f.filed_at > q.asked_at
                        WHERE q.id = NEW.question AND f.version = NEW.version
                          AND NOT EXISTS (SELECT 1 FROM reservation r
                                          WHERE r.flow_year = f.flow_year AND r.siren = f.siren
                                            AND r.version = f.version
                                            AND NOT EXISTS (SELECT 1 FROM reservation_outcome o
                                                            WHERE o.flow_year = r.flow_year AND o.siren = r.siren
                                                              AND o.version = r.version
                                                              AND o.outcome = 'accepted'))),
        'EAPD-G23 the version was not filed since the question');
    RETURN NEW;
END $$;
CREATE TRIGGER question_end_guard BEFORE INSERT ON question_end
    FOR EACH ROW EXECUTE FUNCTION eapd_question_end_guard();

CREATE FUNCTION eapd_question_message_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        NEW.body IS NOT NULL OR NEW.question <> OLD.question OR NEW.rank <> OLD.rank
        OR NEW.written_by <> OLD.written_by OR NEW.written_at <> OLD.written_at,
        'EAPD-G00 a question is never changed');
    RETURN NEW;
END $$;
CREATE TRIGGER question_message_kept BEFORE UPDATE ON question_message
    FOR EACH ROW EXECUTE FUNCTION eapd_question_message_kept();
CREATE TRIGGER question_message_no_delete BEFORE DELETE ON question_message
    FOR EACH ROW EXECUTE FUNCTION eapd_refuse('EAPD-G00 a question is never deleted');
CREATE TRIGGER question_message_no_truncate BEFORE TRUNCATE ON question_message
    FOR EACH STATEMENT EXECUTE FUNCTION eapd_refuse('EAPD-G00 a question is never deleted');

SELECT eapd_append_only('question', 'EAPD-G00 a question is never changed');
SELECT eapd_append_only('question_end', 'EAPD-G00 a decision is never changed');
SELECT eapd_grant('SELECT, INSERT, UPDATE (body)', 'question_message');
SELECT eapd_pin_guards();
