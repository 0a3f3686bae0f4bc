//! Contacts of a collectivity: what files of the ministry brought, and what agents keep.

use std::fmt;

use sqlx::FromRow;

use crate::domain::account::{Email, Identity};
use crate::domain::contact::{Confirmation, Origin};
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A contact of a collectivity. `Debug` hides who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Random id, under which pages and mails name it.
    pub id: String,
    /// The collectivity.
    pub siren: Siren,
    /// The address.
    pub email: Email,
    /// The name, where it is known: a mailbox has none.
    pub name: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// Who brought it, which tells what it receives.
    pub origin: Origin,
    /// Where exactly it comes from.
    pub source: String,
    /// When it was recorded, or last told again by a file.
    pub recorded_at: Instant,
    /// What an agent last said of it.
    pub confirmed: Option<Confirmation>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("id", &self.id)
            .field("siren", &self.siren)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    siren: Siren,
    email: String,
    name: Option<String>,
    function: Option<String>,
    origin: String,
    source: String,
    recorded_at: Instant,
    confirmed_at: Option<Instant>,
    confirmed_by: Option<String>,
    confirmed_for: Option<CampaignYear>,
}

/// Every contact, before the condition.
macro_rules! contacts {
    ($condition:literal) => {
        concat!(
            "SELECT id, siren, email, name, function, origin, source, recorded_at, confirmed_at, confirmed_by, \
             confirmed_for FROM contact WHERE ",
            $condition
        )
    };
}

impl TryFrom<Row> for Contact {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let wrong = |what: &dyn fmt::Display| StoreError::Inconsistent {
            table: "contact",
            detail: format!("{}: {what}", row.id),
        };
        let email = row.email.parse().map_err(|error| wrong(&error))?;
        let origin = Origin::ALL.into_iter().find(|origin| origin.code() == row.origin);
        let origin = origin.ok_or_else(|| wrong(&row.origin))?;
        let confirmed = row.confirmed_at.zip(row.confirmed_by);
        Ok(Self {
            email,
            origin,
            confirmed: confirmed.map(|(at, by)| Confirmation { at, by, campaign: row.confirmed_for }),
            id: row.id,
            siren: row.siren,
            name: row.name,
            function: row.function,
            source: row.source,
            recorded_at: row.recorded_at,
        })
    }
}

/// Records a contact. [`Exists`](StoreError::Exists) where its collectivity has one of this address.
pub async fn insert(tx: &mut Tx<'_>, told: &Contact) -> Result<()> {
    let confirmed = told.confirmed.as_ref();
    let touched = execute!(
        tx,
        "INSERT INTO contact (id, siren, email, name, function, origin, source, recorded_at, confirmed_at, \
         confirmed_by, confirmed_for) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        told.id.as_str(),
        told.siren,
        told.email.as_str(),
        told.name.as_deref(),
        told.function.as_deref(),
        told.origin.code(),
        told.source.as_str(),
        told.recorded_at,
        confirmed.map(|confirmed| confirmed.at),
        confirmed.map(|confirmed| confirmed.by.as_str()),
        confirmed.and_then(|confirmed| confirmed.campaign),
    )?;
    expect_rows("contact", 1, touched)
}

/// A file of the ministry tells a contact again: from then on it vouches for the address.
pub async fn tell_again(
    tx: &mut Tx<'_>,
    id: &str,
    (name, function): (Option<&str>, Option<&str>),
    source: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE contact SET name = $2, function = $3, origin = 'imported', source = $4, recorded_at = $5 \
         WHERE id = $1",
        id,
        name,
        function,
        source,
        at,
    )?;
    expect_rows("contact", 1, touched)
}

/// An agent corrects who a contact is, and confirms it by that.
pub async fn correct(tx: &mut Tx<'_>, id: &str, told: &Identity, confirmed: &Confirmation) -> Result<()> {
    let touched = execute!(
        tx,
        "UPDATE contact SET name = $2, function = $3, confirmed_at = $4, confirmed_by = $5, confirmed_for = $6 \
         WHERE id = $1",
        id,
        told.name(),
        told.function(),
        confirmed.at,
        confirmed.by.as_str(),
        confirmed.campaign,
    )?;
    expect_rows("contact", 1, touched)
}

/// An agent confirms a contact of a collectivity. Says whether it is still there.
pub async fn confirm(tx: &mut Tx<'_>, (siren, id): (Siren, &str), confirmed: &Confirmation) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE contact SET confirmed_at = $3, confirmed_by = $4, confirmed_for = $5 WHERE siren = $1 AND id = $2",
        siren,
        id,
        confirmed.at,
        confirmed.by.as_str(),
        confirmed.campaign,
    )?;
    Ok(touched == 1)
}

/// The contacts of a collectivity, by address.
pub async fn of_siren(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Contact>> {
    by_address(on!(tx, |conn| sqlx::query_as(contacts!("siren = $1")).bind(siren).fetch_all(conn).await)?)
}

/// The contacts of a collectivity to which a code that attaches an agent may go: those that the ministry brought, and
/// none that agents keep.
pub async fn taking_codes(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Contact>> {
    by_address(on!(tx, |conn| {
        sqlx::query_as(contacts!("siren = $1 AND origin = 'imported'")).bind(siren).fetch_all(conn).await
    })?)
}

fn by_address(rows: Vec<Row>) -> Result<Vec<Contact>> {
    let mut contacts = rows.into_iter().map(Contact::try_from).collect::<Result<Vec<_>>>()?;
    contacts.sort_by(|one, other| one.email.cmp(&other.email));
    Ok(contacts)
}

/// The contact of an id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Contact>> {
    let row: Option<Row> =
        on!(tx, |conn| sqlx::query_as(contacts!("id = $1")).bind(id).fetch_optional(conn).await)?;
    row.map(Contact::try_from).transpose()
}

/// Removes a contact.
pub async fn remove(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let touched = execute!(tx, "DELETE FROM contact WHERE id = $1", id)?;
    expect_rows("contact", 1, touched)
}

/// Removes those that no file and no agent told or confirmed since `before`; says how many.
pub async fn purge(tx: &mut Tx<'_>, before: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM contact WHERE recorded_at < $1 AND (confirmed_at IS NULL OR confirmed_at < $1)",
        before
    )?)
}

/// Removes those of an address, whatever the collectivity; says how many.
pub async fn forget(tx: &mut Tx<'_>, email: &Email) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM contact WHERE email = $1", email.as_str())?)
}

/// The contacts with a name of the collectivities for which an agent asked to act.
pub async fn near(tx: &mut Tx<'_>, agent: &str) -> Result<Vec<Contact>> {
    by_address(on!(tx, |conn| {
        sqlx::query_as(contacts!(
            "name IS NOT NULL AND siren IN (SELECT a.siren FROM attachment a WHERE a.person = $1)"
        ))
        .bind(agent)
        .fetch_all(conn)
        .await
    })?)
}

/// Forgets who a contact is; its address stays.
pub async fn unname(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let touched = execute!(tx, "UPDATE contact SET name = NULL, function = NULL WHERE id = $1", id)?;
    expect_rows("contact", 1, touched)
}
