//! What a link or a code of a mail opens, once, and what a password opens before its code: kept under the hash of
//! its secret.

use sqlx::FromRow;

use crate::domain::account::Purpose;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A link or a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleUse {
    /// What it serves for.
    pub purpose: Purpose,
    /// Random id of the person whom it serves.
    pub person: String,
    /// The collectivity of a code.
    pub siren: Option<Siren>,
    /// When it was made.
    pub created_at: Instant,
    /// It serves no more from then on.
    pub expires_at: Instant,
    /// Wrong codes typed for it.
    pub tries: i32,
    /// When it served.
    pub used_at: Option<Instant>,
}

impl SingleUse {
    /// One made at `at`.
    #[must_use]
    pub fn new(purpose: Purpose, person: &str, siren: Option<Siren>, at: Instant) -> Self {
        Self {
            purpose,
            person: person.to_owned(),
            siren,
            created_at: at,
            expires_at: at.plus_seconds(purpose.lasts()),
            tries: 0,
            used_at: None,
        }
    }

    /// Whether it serves at `now` for `purpose`.
    #[must_use]
    pub fn serves(&self, purpose: Purpose, now: Instant) -> bool {
        self.purpose == purpose && self.used_at.is_none() && now < self.expires_at
    }
}

#[derive(FromRow)]
struct Row {
    purpose: String,
    person: String,
    siren: Option<Siren>,
    created_at: Instant,
    expires_at: Instant,
    tries: i32,
    used_at: Option<Instant>,
}

/// The words of the table, which are English.
const fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Confirm => "confirm",
        Purpose::Reset => "reset",
        Purpose::Code => "code",
        Purpose::Invite => "invite",
        Purpose::Step => "step",
    }
}

/// Keeps a link or a code.
pub async fn insert(tx: &mut Tx<'_>, told: &SingleUse, secret_sha256: &str) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO single_use (secret_sha256, purpose, person, siren, created_at, expires_at, tries) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        secret_sha256,
        word(told.purpose),
        told.person.as_str(),
        told.siren,
        told.created_at,
        told.expires_at,
        told.tries,
    )?;
    expect_rows("single_use", 1, touched)
}

/// What a secret opens, used or not.
pub async fn find(tx: &mut Tx<'_>, secret_sha256: &str) -> Result<Option<SingleUse>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT purpose, person, siren, created_at, expires_at, tries, used_at FROM single_use \
             WHERE secret_sha256 = $1",
        )
        .bind(secret_sha256)
        .fetch_optional(conn)
        .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let purpose = Purpose::ALL.into_iter().find(|purpose| word(*purpose) == row.purpose);
    let purpose = purpose
        .ok_or_else(|| StoreError::Inconsistent { table: "single_use", detail: row.purpose.clone() })?;
    Ok(Some(SingleUse {
        purpose,
        person: row.person,
        siren: row.siren,
        created_at: row.created_at,
        expires_at: row.expires_at,
        tries: row.tries,
        used_at: row.used_at,
    }))
}

/// Uses it up; says whether it was there to use.
pub async fn use_up(tx: &mut Tx<'_>, secret_sha256: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE single_use SET used_at = $2 WHERE secret_sha256 = $1 AND used_at IS NULL",
        secret_sha256,
        at
    )?;
    Ok(touched == 1)
}

/// Ends those of a person for a purpose that still serve: a newer one is on its way, or they have no more use.
pub async fn end_all(
    tx: &mut Tx<'_>,
    person: &str,
    purpose: Purpose,
    siren: Option<Siren>,
    at: Instant,
) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE single_use SET used_at = $4 WHERE person = $1 AND purpose = $2 AND used_at IS NULL \
         AND COALESCE(siren, '') = COALESCE($3, '')",
        person,
        word(purpose),
        siren,
        at,
    )?)
}

/// Counts a wrong code against those of a person and a collectivity; gives the tries of the one that serves.
pub async fn fail_code(tx: &mut Tx<'_>, person: &str, siren: Siren, now: Instant) -> Result<Option<i32>> {
    execute!(
        &mut *tx,
        "UPDATE single_use SET tries = tries + 1 WHERE person = $1 AND siren = $2 AND purpose = 'code' \
         AND used_at IS NULL AND expires_at > $3",
        person,
        siren,
        now,
    )?;
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT MAX(tries) FROM single_use WHERE person = $1 AND siren = $2 AND purpose = 'code' \
             AND used_at IS NULL AND expires_at > $3",
        )
        .bind(person)
        .bind(siren)
        .bind(now)
        .fetch_one(conn)
        .await
    })?)
}

/// Removes what served no more before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM single_use WHERE expires_at < $1", at)?)
}

/// Removes those of a person.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM single_use WHERE person = $1", person)?)
}
