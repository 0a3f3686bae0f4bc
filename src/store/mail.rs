//! The queue of mails: who waits, who is being sent, what became of each.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::mail::{Message, Recipient};
use crate::store::writes::Writes;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A mail that waits.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Random id.
    pub id: String,
    /// The word of its [kind](Message::kind).
    pub kind: String,
    /// The word of its [recipient](Recipient::told).
    pub to_kind: String,
    /// Who that is.
    pub to_id: String,
    /// JSON, which may hold the secret of a link.
    pub data: String,
    /// When it was queued.
    pub created_at: Instant,
}

/// A mail that one deliverer alone may send for a while.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Leased {
    /// The mail.
    #[sqlx(flatten)]
    pub mail: Waiting,
    /// Which try this is, from 1.
    pub attempts: i32,
    /// The same at each try, without its brackets.
    pub message_id: String,
}

/// Who takes a mail, when, and until when nobody else does.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'a> {
    /// Random id of the deliverer.
    pub by: &'a str,
    /// Now.
    pub at: Instant,
    /// A deliverer that has not said by then what became of it is dead.
    pub until: Instant,
    /// Host after the at sign of Message-ID.
    pub host: &'a str,
}

/// Where a mail stands, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// Random id.
    pub id: String,
    /// The word of its [kind](Message::kind).
    pub kind: String,
    /// The word of its [recipient](Recipient::told).
    pub to_kind: String,
    /// Who that is.
    pub to_id: String,
    /// When it was queued.
    pub created_at: Instant,
    /// Not tried before.
    pub due_at: Instant,
    /// How often it was tried.
    pub attempts: i32,
    /// When the server took it.
    pub sent_at: Option<Instant>,
    /// When it was given up.
    pub given_up_at: Option<Instant>,
    /// What the last try failed for.
    pub last_error: Option<String>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waiting({} to {} {})", self.kind, self.to_kind, self.to_id)
    }
}

/// Queues a mail, due at once.
pub async fn queue(tx: &mut Tx<'_>, id: &str, to: &Recipient, message: &Message, at: Instant) -> Result<()> {
    let (to_kind, to_id) = to.told();
    let touched = execute!(
        tx,
        "INSERT INTO mail (id, kind, to_kind, to_id, data, created_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
        id,
        message.kind(),
        to_kind,
        to_id,
        message.data().to_string(),
        at,
    )?;
    expect_rows("mail", 1, touched)
}

/// Queues mails with the other rows of a transaction, due at once: one INSERT for all.
pub fn queue_with(writes: &mut Writes, mails: &[(String, Recipient, Message)], at: Instant) {
    if mails.is_empty() {
        return;
    }
    let writes = writes.into("mail", "id, kind, to_kind, to_id, data, created_at, due_at");
    for (id, to, message) in mails {
        let (to_kind, to_id) = to.told();
        writes.row(|row| {
            row.text(id).text(message.kind()).text(to_kind).text(to_id);
            row.text(&message.data().to_string()).bind(at).bind(at);
        });
    }
}

/// Queues a mail under an id that says what it is, due at once, unless it was queued before. Says whether it is now.
pub async fn queue_once(
    tx: &mut Tx<'_>,
    id: &str,
    to: &Recipient,
    message: &Message,
    at: Instant,
) -> Result<bool> {
    let (to_kind, to_id) = to.told();
    let touched = execute!(
        tx,
        "INSERT INTO mail (id, kind, to_kind, to_id, data, created_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6) \
         ON CONFLICT (id) DO NOTHING",
        id,
        message.kind(),
        to_kind,
        to_id,
        message.data().to_string(),
        at,
    )?;
    Ok(touched == 1)
}

/// Ids of the mails of a kind, sent or not.
pub async fn ids_of_kind(tx: &mut Tx<'_>, kind: &str) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT id FROM mail WHERE kind = $1").bind(kind).fetch_all(conn).await
    })?)
}

/// Every mail that waits, the oldest first.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, kind, to_kind, to_id, data, created_at FROM mail \
             WHERE sent_at IS NULL AND given_up_at IS NULL ORDER BY created_at, id",
        )
        .fetch_all(conn)
        .await
    })?)
}

/// Takes the mail whose turn it is. [`Tx::hold_mail`] comes before: two who take at once take two.
pub async fn lease(tx: &mut Tx<'_>, lease: Lease<'_>) -> Result<Option<Leased>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "UPDATE mail SET leased_by = $1, leased_until = $3, attempts = attempts + 1, \
             message_id = COALESCE(message_id, id || '@' || $4) \
             WHERE id = (SELECT m.id FROM mail m WHERE m.sent_at IS NULL AND m.given_up_at IS NULL \
                         AND m.due_at <= $2 AND (m.leased_until IS NULL OR m.leased_until <= $2) \
                         ORDER BY m.due_at, m.id LIMIT 1) \
             RETURNING id, kind, to_kind, to_id, data, created_at, attempts, message_id",
        )
        .bind(lease.by)
        .bind(lease.at)
        .bind(lease.until)
        .bind(lease.host)
        .fetch_optional(conn)
        .await
    })?)
}

/// Notes that the server took it, and forgets what it said. Says whether the lease still held:
/// it ended, or the mail was forgotten with its person.
pub async fn sent(tx: &mut Tx<'_>, id: &str, by: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE mail SET sent_at = $3, data = '', leased_by = NULL, leased_until = NULL, last_error = NULL \
         WHERE id = $1 AND leased_by = $2",
        id,
        by,
        at,
    )?;
    Ok(touched == 1)
}

/// Puts it back in the queue until `due_at`. Says whether the lease still held.
pub async fn put_off(tx: &mut Tx<'_>, id: &str, by: &str, due_at: Instant, error: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE mail SET due_at = $3, last_error = $4, leased_by = NULL, leased_until = NULL \
         WHERE id = $1 AND leased_by = $2",
        id,
        by,
        due_at,
        error,
    )?;
    Ok(touched == 1)
}

/// Gives it up. What it says stays where another try makes sense. Says whether the lease still held.
pub async fn give_up(
    tx: &mut Tx<'_>,
    id: &str,
    by: &str,
    at: Instant,
    (error, is_forgotten): (&str, bool),
) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE mail SET given_up_at = $3, last_error = $4, data = CASE WHEN $5 THEN '' ELSE data END, \
         leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $2",
        id,
        by,
        at,
        error,
        is_forgotten,
    )?;
    Ok(touched == 1)
}

/// Makes a mail that was not sent due now, with all its tries again. Says whether there was one that can be.
pub async fn retry(tx: &mut Tx<'_>, id: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE mail SET given_up_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND sent_at IS NULL \
         AND data <> '' AND (leased_until IS NULL OR leased_until <= $2)",
        id,
        at,
    )?;
    Ok(touched == 1)
}

/// Where every mail stands, or those that were given up alone, the oldest first.
pub async fn standings(tx: &mut Tx<'_>, only_given_up: bool) -> Result<Vec<Standing>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, kind, to_kind, to_id, created_at, due_at, attempts, sent_at, given_up_at, last_error \
             FROM mail WHERE given_up_at IS NOT NULL OR NOT $1 ORDER BY created_at, id",
        )
        .bind(only_given_up)
        .fetch_all(conn)
        .await
    })?)
}

/// Removes those that were sent or given up before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM mail WHERE sent_at < $1 OR given_up_at < $1", at)?)
}

/// Removes those of contacts that are there no more, sent or not; says how many.
pub async fn forget_contacts(tx: &mut Tx<'_>) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM mail WHERE to_kind = 'contact' AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = mail.to_id)"
    )?)
}

/// Removes those of a person, sent or not.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM mail WHERE to_kind = 'person' AND to_id = $1", person)?)
}
