//! The one place that names persons (rule 14): mutable, purgeable. Everything
//! else holds the random id.

use crate::domain::account::{Email, Identity};
use crate::domain::instant::Instant;
use crate::store::writes::Writes;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// What a person is known for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// Runs the program on its machine.
    Operator,
    /// Signed a declaration.
    Signatory,
    /// Uses a token of the API.
    Token,
}

impl PersonKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Signatory => "signatory",
            Self::Token => "token",
        }
    }
}

/// Keeps a person under a new random id.
pub async fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    kind: PersonKind,
    name: &str,
    function: Option<&str>,
    at: Instant,
) -> Result<()> {
    let mut writes = Writes::of(tx);
    add(&mut writes, id, kind, (name, function), at);
    writes.send(tx).await
}

/// [`insert()`], with other writes.
pub fn add(
    writes: &mut Writes,
    id: &str,
    kind: PersonKind,
    (name, function): (&str, Option<&str>),
    at: Instant,
) {
    writes.into("person", "id, kind, name, function, created_at").row(|row| {
        row.text(id).text(kind.word()).text(name).some_text(function).bind(at);
    });
}

/// Keeps an agent under a new random id. [`Exists`](crate::store::StoreError::Exists) when a living one has this address.
pub async fn insert_agent(
    tx: &mut Tx<'_>,
    id: &str,
    (email, identity): (&Email, &Identity),
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO person (id, kind, name, function, email, created_at) VALUES ($1, 'agent', $2, $3, $4, $5)",
        id,
        identity.name(),
        identity.function(),
        email.as_str(),
        at,
    )?;
    expect_rows("person", 1, touched)
}

/// Corrects the name and the function of a person.
pub async fn rename(tx: &mut Tx<'_>, id: &str, identity: &Identity) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE person SET name = $2, function = $3 WHERE id = $1 AND erased_at IS NULL",
        id,
        identity.name(),
        identity.function(),
    )?;
    expect_rows("person", 1, touched)
}

/// The operator of this login name, if known.
pub async fn operator(tx: &mut Tx<'_>, login: &str) -> Result<Option<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT id FROM person WHERE kind = 'operator' AND name = $1 AND erased_at IS NULL",
        )
        .bind(login)
        .fetch_optional(conn)
        .await
    })?)
}

/// Name and function of a person, unless erased.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<(Option<String>, Option<String>)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT name, function FROM person WHERE id = $1").bind(id).fetch_optional(conn).await
    })?)
}

/// Who signed what an agent filed, or what was filed for a collectivity that the agent asked to act for: id and
/// name. One who signs stands there under an id of its own.
pub async fn signatories_near(tx: &mut Tx<'_>, agent: &str) -> Result<Vec<(String, String)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT DISTINCT p.id, p.name FROM filing f JOIN person p ON p.id = f.signatory \
             WHERE p.name IS NOT NULL AND (f.filed_by = $1 \
             OR f.siren IN (SELECT a.siren FROM attachment a WHERE a.person = $1)) ORDER BY p.id",
        )
        .bind(agent)
        .fetch_all(conn)
        .await
    })?)
}

/// Forgets who a person is: the id stays, the journal stays valid.
pub async fn erase(tx: &mut Tx<'_>, id: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE person SET name = NULL, function = NULL, email = NULL, erased_at = $2 \
         WHERE id = $1 AND erased_at IS NULL",
        id,
        at,
    )?;
    expect_rows("person", 1, touched)
}
