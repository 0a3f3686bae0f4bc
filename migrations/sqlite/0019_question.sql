-- Questions to a collectivity about what it declared, asked by the ministry or by the prefecture of its region and
-- answered in its own space. Never public.

CREATE TABLE question (
    -- 130 random bits: part of an address.
    id        TEXT PRIMARY KEY,
    siren     TEXT NOT NULL REFERENCES collectivity (siren),
    flow_year INTEGER NOT NULL,
    -- The line that it is about, or nothing: the whole declaration.
    reference TEXT,
    -- In whose name it is asked, whatever becomes of the account of who asks.
    asked_as  TEXT NOT NULL CHECK (asked_as IN ('ministry', 'sgar')),
    asked_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX question_by_declaration ON question (siren, flow_year);

-- What is written, in turns: odd ranks ask, even ones answer. Only the text can be forgotten (rule 14).
CREATE TABLE question_message (
    question   TEXT NOT NULL REFERENCES question (id),
    rank       INTEGER NOT NULL CHECK (rank >= 1),
    body       TEXT CHECK (length(trim(body)) > 0),
    written_by TEXT NOT NULL,
    written_at TEXT NOT NULL,
    PRIMARY KEY (question, rank)
) STRICT, WITHOUT ROWID;
CREATE INDEX question_message_by_author ON question_message (written_by);

-- How it ended: without effect, by a filing derogation, or by a version filed since it was asked.
CREATE TABLE question_end (
    question   TEXT PRIMARY KEY REFERENCES question (id),
    outcome    TEXT NOT NULL CHECK (outcome IN ('none', 'derogation', 'version')),
    derogation INTEGER REFERENCES derogation (id),
    version    INTEGER,
    closed_by  TEXT NOT NULL,
    closed_at  TEXT NOT NULL,
    CHECK ((outcome = 'derogation') = (derogation IS NOT NULL)),
    CHECK ((outcome = 'version') = (version IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX question_end_by_instant ON question_end (closed_at);

CREATE TRIGGER question_guard BEFORE INSERT ON question
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G03 questions are only added to')
    WHERE EXISTS (SELECT 1 FROM question q WHERE q.id = NEW.id);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.asked_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.asked_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.asked_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G09 no campaign collects the flow year')
    WHERE NOT EXISTS (SELECT 1 FROM campaign c WHERE c.year = NEW.flow_year + 1);
END;

-- Asked, answered, asked further, until it is closed.
CREATE TRIGGER question_message_guard BEFORE INSERT ON question_message
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.written_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.written_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.written_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G23 a question goes on in turns until it is closed')
    WHERE NEW.body IS NULL
       OR NEW.rank <> 1 + COALESCE((SELECT MAX(m.rank) FROM question_message m WHERE m.question = NEW.question), 0)
       OR EXISTS (SELECT 1 FROM question_end e WHERE e.question = NEW.question)
       OR NEW.written_at < (SELECT q.asked_at FROM question q WHERE q.id = NEW.question)
       OR NEW.written_at < (SELECT MAX(m.written_at) FROM question_message m WHERE m.question = NEW.question);
END;

CREATE TRIGGER question_end_guard BEFORE INSERT ON question_end
BEGIN
    SELECT RAISE(ABORT, 'EAPD-G18 foreign keys are not checked on this connection')
    WHERE NOT EXISTS (SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys);
    SELECT RAISE(ABORT, 'EAPD-G10 the instant is not now')
    WHERE NEW.closed_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.closed_at, '+0 seconds')
       OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
           AND abs(strftime('%s', NEW.closed_at) - strftime('%s', 'now')) > 120);
    SELECT RAISE(ABORT, 'EAPD-G23 a question is closed once, after what was written')
    WHERE EXISTS (SELECT 1 FROM question_end e WHERE e.question = NEW.question)
       OR NOT EXISTS (SELECT 1 FROM question_message m WHERE m.question = NEW.question)
       OR NEW.closed_at < (SELECT MAX(m.written_at) FROM question_message m WHERE m.question = NEW.question);
    SELECT RAISE(ABORT, 'EAPD-G23 the derogation is not of this declaration')
    WHERE NEW.derogation IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM question q
                      JOIN derogation d ON d.siren = q.siren AND d.campaign = q.flow_year + 1 AND d.kind = 'filing'
                      WHERE q.id = NEW.question AND d.id = NEW.derogation);
    SELECT RAISE(ABORT, 'EAPD-G23 the version was not filed since the question')
    WHERE NEW.version IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM question q
                      JOIN filing f ON f.flow_year = q.flow_year AND f.siren = q.siren AND f.filed_at > q.asked_at
                      WHERE q.id = NEW.question AND f.version = NEW.version
                        AND NOT EXISTS (SELECT 1 FROM reservation r
                                        WHERE r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version
                                          AND NOT EXISTS (SELECT 1 FROM reservation_outcome o
                                                          WHERE o.flow_year = r.flow_year AND o.siren = r.siren
                                                            AND o.version = r.version AND o.outcome = 'accepted')));
END;

CREATE TRIGGER question_no_update BEFORE UPDATE ON question
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a question is never changed'); END;
CREATE TRIGGER question_no_delete BEFORE DELETE ON question
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a question is never deleted'); END;
CREATE TRIGGER question_message_kept BEFORE UPDATE ON question_message
WHEN NEW.body IS NOT NULL OR NEW.question <> OLD.question OR NEW.rank <> OLD.rank
  OR NEW.written_by <> OLD.written_by OR NEW.written_at <> OLD.written_at
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a question is never changed'); END;
CREATE TRIGGER question_message_no_delete BEFORE DELETE ON question_message
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a question is never deleted'); END;
CREATE TRIGGER question_end_no_update BEFORE UPDATE ON question_end
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never changed'); END;
CREATE TRIGGER question_end_no_delete BEFORE DELETE ON question_end
BEGIN SELECT RAISE(ABORT, 'EAPD-G00 a decision is never deleted'); END;
