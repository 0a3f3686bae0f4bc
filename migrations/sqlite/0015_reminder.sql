-- Reminders of a campaign: which step went to which collectivity, for which last day. An extension has its own.
CREATE TABLE reminder (
    campaign  INTEGER NOT NULL REFERENCES campaign (year),
    siren     TEXT NOT NULL REFERENCES collectivity (siren),
    step      TEXT NOT NULL CHECK (step IN ('J-30', 'J-10', 'J-2', 'J+1')),
    closes_on TEXT NOT NULL,
    -- Mails queued with it.
    mails     INTEGER NOT NULL CHECK (mails >= 1),
    sent_by   TEXT NOT NULL,
    sent_at   TEXT NOT NULL,
    PRIMARY KEY (campaign, siren, step, closes_on)
) STRICT, WITHOUT ROWID;
