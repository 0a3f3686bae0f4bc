//! Tokens of the API: kept under the hash of their secret, never with the secret. A request's is
//! found in [`facts`](super::facts).

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::role::Role;
use crate::domain::siren::Siren;
use crate::domain::token::{Scope, Token};
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A token as its table has it.
#[derive(FromRow)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) person: String,
    pub(super) role: String,
    pub(super) scopes: String,
    pub(super) sirens: String,
    pub(super) region: Option<String>,
    pub(super) created_at: Instant,
    pub(super) expires_at: Instant,
    pub(super) revoked_at: Option<Instant>,
}

/// The words of the table, which are English.
const fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::File => "file",
        Scope::Read => "read",
        Scope::Eligibility => "eligibility",
        Scope::Reports => "reports",
        Scope::Follow => "follow",
        Scope::Administer => "administer",
    }
}

const fn role_word(role: &Role) -> &'static str {
    match role {
        Role::Declarant(_) => "declarant",
        Role::Sgar(_) => "sgar",
        Role::Instructor => "instructor",
        Role::Manager => "manager",
        Role::Observer => "observer",
        Role::Administrator => "administrator",
        Role::Operator => "operator",
    }
}

impl TryFrom<Row> for Token {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let wrong =
            |what: &str| StoreError::Inconsistent { table: "token", detail: format!("{}: {what}", row.id) };
        let sirens = || {
            let read = |text: &str| text.parse::<Siren>().map_err(|error| wrong(&error.to_string()));
            row.sirens.split_whitespace().map(read).collect::<Result<Vec<Siren>>>()
        };
        let role = match row.role.as_str() {
            "declarant" => Role::Declarant(sirens()?),
            "sgar" => Role::Sgar(row.region.clone().ok_or_else(|| wrong("no region"))?),
            "instructor" => Role::Instructor,
            "manager" => Role::Manager,
            "observer" => Role::Observer,
            "administrator" => Role::Administrator,
            other => return Err(wrong(other)),
        };
        let scope = |word: &str| {
            Scope::ALL.into_iter().find(|scope| scope_word(*scope) == word).ok_or_else(|| wrong(word))
        };
        let scopes = row.scopes.split_whitespace().map(scope).collect::<Result<_>>()?;
        Ok(Self {
            id: row.id,
            person: row.person,
            role,
            scopes,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// Keeps a token under the hash of its secret.
pub async fn insert(tx: &mut Tx<'_>, token: &Token, secret_sha256: &str) -> Result<()> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope_word(*scope)).collect();
    let (sirens, region) = match &token.role {
        Role::Declarant(sirens) => {
            (sirens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), None)
        }
        Role::Sgar(region) => (String::new(), Some(region.as_str())),
        _ => (String::new(), None),
    };
    let touched = execute!(
        tx,
        "INSERT INTO token (id, secret_sha256, person, role, scopes, sirens, region, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        token.id.as_str(),
        secret_sha256,
        token.person.as_str(),
        role_word(&token.role),
        scopes.join(" "),
        sirens.as_str(),
        region,
        token.created_at,
        token.expires_at,
    )?;
    expect_rows("token", 1, touched)
}

/// The token of an id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Token>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, role, scopes, sirens, region, created_at, expires_at, revoked_at \
             FROM token WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })?;
    row.map(Token::try_from).transpose()
}

/// Every token, the oldest first.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Token>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, role, scopes, sirens, region, created_at, expires_at, revoked_at \
             FROM token ORDER BY created_at, id",
        )
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Revokes a token that was not.
pub async fn revoke(tx: &mut Tx<'_>, id: &str, at: Instant) -> Result<()> {
    let touched =
        execute!(tx, "UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, at)?;
    expect_rows("token", 1, touched)
}
