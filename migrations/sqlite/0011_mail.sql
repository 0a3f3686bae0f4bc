-- What the delivery of a mail needs: when to try, who tries, what became of it.
-- `data` is emptied once a mail is sent or cannot be any more: it may hold the secret of a link.

-- Not before. What waited already is due.
ALTER TABLE mail ADD COLUMN due_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z';
-- How often it was taken, the present time included.
ALTER TABLE mail ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
-- Random id of who is sending it, and until when nobody else does.
ALTER TABLE mail ADD COLUMN leased_by TEXT;
ALTER TABLE mail ADD COLUMN leased_until TEXT;
-- The server took it.
ALTER TABLE mail ADD COLUMN sent_at TEXT;
-- Nobody tries any more, unless asked to.
ALTER TABLE mail ADD COLUMN given_up_at TEXT;
-- What the last try failed for: a few words, without an address.
ALTER TABLE mail ADD COLUMN last_error TEXT;
-- The same at each try, so that a mail that goes twice is recognised.
ALTER TABLE mail ADD COLUMN message_id TEXT;

CREATE INDEX mail_by_turn ON mail (due_at, id) WHERE sent_at IS NULL AND given_up_at IS NULL;
