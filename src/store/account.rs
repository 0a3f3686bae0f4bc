//! Accounts: what lets an agent in. The name and the address are those of the person.

use std::fmt;

use sqlx::FromRow;

use crate::domain::account::{AccountRole, Email, PasswordHash};
use crate::domain::instant::Instant;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// An account, with who its person is. `Debug` hides that.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Random id of the person.
    pub person: String,
    /// Name.
    pub name: String,
    /// Function.
    pub function: String,
    /// Address.
    pub email: Email,
    /// The password, hashed.
    pub password: PasswordHash,
    /// What the account is for.
    pub role: AccountRole,
    /// When it was made.
    pub created_at: Instant,
    /// When the address was confirmed.
    pub confirmed_at: Option<Instant>,
    /// When the password was chosen.
    pub password_changed_at: Instant,
    /// The last sign-in.
    pub signed_in_at: Option<Instant>,
    /// When it was closed by the ministry.
    pub disabled_at: Option<Instant>,
    /// When a code confirmed its second factor, if it has one.
    pub second_factor_at: Option<Instant>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("person", &self.person)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    person: String,
    name: Option<String>,
    function: Option<String>,
    email: Option<String>,
    password_hash: String,
    role: String,
    region: Option<String>,
    created_at: Instant,
    confirmed_at: Option<Instant>,
    password_changed_at: Instant,
    signed_in_at: Option<Instant>,
    disabled_at: Option<Instant>,
    second_factor_at: Option<Instant>,
}

/// Every account with its person, before the condition.
macro_rules! accounts {
    ($condition:literal) => {
        concat!(
            "SELECT a.person, p.name, p.function, p.email, a.password_hash, a.role, a.region, a.created_at, \
             a.confirmed_at, a.password_changed_at, a.signed_in_at, a.disabled_at, \
             f.confirmed_at AS second_factor_at \
             FROM account a JOIN person p ON p.id = a.person LEFT JOIN second_factor f ON f.person = a.person WHERE ",
            $condition
        )
    };
}

/// The words of the table, which are English, and the region of a SGAR.
fn told(role: &AccountRole) -> (&'static str, Option<&str>) {
    match role {
        AccountRole::Declarant => ("declarant", None),
        AccountRole::Sgar(region) => ("sgar", Some(region)),
        AccountRole::Instructor => ("instructor", None),
        AccountRole::Manager => ("manager", None),
        AccountRole::Observer => ("observer", None),
        AccountRole::Administrator => ("administrator", None),
    }
}

fn role_of(word: &str, region: Option<String>) -> Option<AccountRole> {
    Some(match (word, region) {
        ("declarant", None) => AccountRole::Declarant,
        ("sgar", Some(region)) => AccountRole::Sgar(region),
        ("instructor", None) => AccountRole::Instructor,
        ("manager", None) => AccountRole::Manager,
        ("observer", None) => AccountRole::Observer,
        ("administrator", None) => AccountRole::Administrator,
        _ => return None,
    })
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let wrong = |what: &str| StoreError::Inconsistent {
            table: "account",
            detail: format!("{}: {what}", row.person),
        };
        let email = row.email.as_deref().unwrap_or_default().parse().map_err(|_error| wrong("email"))?;
        let role = role_of(&row.role, row.region.clone()).ok_or_else(|| wrong("role"))?;
        Ok(Self {
            name: row.name.unwrap_or_default(),
            function: row.function.unwrap_or_default(),
            email,
            password: PasswordHash::new(row.password_hash),
            role,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            password_changed_at: row.password_changed_at,
            signed_in_at: row.signed_in_at,
            disabled_at: row.disabled_at,
            second_factor_at: row.second_factor_at,
            person: row.person,
        })
    }
}

/// Opens the account of a person who is kept already.
pub async fn insert(
    tx: &mut Tx<'_>,
    person: &str,
    password: &PasswordHash,
    role: &AccountRole,
    at: Instant,
) -> Result<()> {
    let (word, region) = told(role);
    let touched = execute!(
        tx,
        "INSERT INTO account (person, password_hash, role, region, created_at, password_changed_at) \
         VALUES ($1, $2, $3, $4, $5, $5)",
        person,
        password.as_str(),
        word,
        region,
        at,
    )?;
    expect_rows("account", 1, touched)
}

/// The account of an address.
pub async fn by_email(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Account>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(accounts!("p.email = $1 AND p.kind = 'agent' AND p.erased_at IS NULL"))
            .bind(email.as_str())
            .fetch_optional(conn)
            .await
    })?;
    row.map(Account::try_from).transpose()
}

/// The account of a person.
pub async fn find(tx: &mut Tx<'_>, person: &str) -> Result<Option<Account>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(accounts!("a.person = $1")).bind(person).fetch_optional(conn).await
    })?;
    row.map(Account::try_from).transpose()
}

/// Every account, the oldest first.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Account>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(accounts!("1 = 1 ORDER BY a.created_at, a.person")).fetch_all(conn).await
    })?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Confirms the address of an account that was not.
pub async fn confirm(tx: &mut Tx<'_>, person: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE account SET confirmed_at = $2 WHERE person = $1 AND confirmed_at IS NULL",
        person,
        at
    )?;
    expect_rows("account", 1, touched)
}

/// Changes the password.
pub async fn set_password(tx: &mut Tx<'_>, person: &str, password: &PasswordHash, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE account SET password_hash = $2, password_changed_at = $3 WHERE person = $1",
        person,
        password.as_str(),
        at,
    )?;
    expect_rows("account", 1, touched)
}

/// Notes a sign-in.
pub async fn signed_in(tx: &mut Tx<'_>, person: &str, at: Instant) -> Result<()> {
    let touched = execute!(tx, "UPDATE account SET signed_in_at = $2 WHERE person = $1", person, at)?;
    expect_rows("account", 1, touched)
}

/// Closes an account that was open.
pub async fn disable(tx: &mut Tx<'_>, person: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE account SET disabled_at = $2 WHERE person = $1 AND disabled_at IS NULL",
        person,
        at
    )?;
    expect_rows("account", 1, touched)
}

/// Opens an account that was closed.
pub async fn enable(tx: &mut Tx<'_>, person: &str) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE account SET disabled_at = NULL WHERE person = $1 AND disabled_at IS NOT NULL",
        person
    )?;
    expect_rows("account", 1, touched)
}

/// Changes what an account is for.
pub async fn set_role(tx: &mut Tx<'_>, person: &str, role: &AccountRole) -> Result<()> {
    let (word, region) = told(role);
    let touched =
        execute!(tx, "UPDATE account SET role = $2, region = $3 WHERE person = $1", person, word, region)?;
    expect_rows("account", 1, touched)
}

/// Removes the account of a person, whose sessions and links are gone already.
pub async fn remove(tx: &mut Tx<'_>, person: &str) -> Result<()> {
    let touched = execute!(tx, "DELETE FROM account WHERE person = $1", person)?;
    expect_rows("account", 1, touched)
}

/// Accounts made before `at` whose address was never confirmed.
pub async fn unconfirmed_before(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT person FROM account WHERE confirmed_at IS NULL AND created_at < $1 ORDER BY person",
        )
        .bind(at)
        .fetch_all(conn)
        .await
    })?)
}

/// Declarants who have not signed in since `at`.
pub async fn inactive_since(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT person FROM account WHERE role = 'declarant' \
             AND COALESCE(signed_in_at, confirmed_at, created_at) < $1 ORDER BY person",
        )
        .bind(at)
        .fetch_all(conn)
        .await
    })?)
}
