-- Contacts: elected members and officers in charge of international matters, kept by the agents, confirmed at each
-- campaign. Names stand here and in `person` alone; both can be purged (rule 14).

ALTER TABLE contact ADD COLUMN name TEXT;
ALTER TABLE contact ADD COLUMN function TEXT;
-- Codes that attach at once go to imported addresses alone: what agents keep would let anyone in.
ALTER TABLE contact ADD COLUMN origin TEXT NOT NULL DEFAULT 'kept' CHECK (origin IN ('imported', 'kept'));
-- Until now, addresses came by files of the ministry alone.
UPDATE contact SET origin = 'imported';
-- When an agent last wrote or confirmed it, who, and for which campaign where one was open.
ALTER TABLE contact ADD COLUMN confirmed_at TIMESTAMPTZ;
ALTER TABLE contact ADD COLUMN confirmed_by TEXT CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL));
ALTER TABLE contact ADD COLUMN confirmed_for INTEGER REFERENCES campaign (year)
    CHECK (confirmed_for IS NULL OR confirmed_at IS NOT NULL);
CREATE INDEX contact_by_email ON contact (email);
