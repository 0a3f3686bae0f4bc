//! Accounts, for whoever keeps them.

use crate::app::App;
use crate::domain::account::AccountRole;
use crate::domain::collectivity::HORS;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::text::fold;
use crate::domain::token::RoleName;
use crate::service::account::is_invited;
use crate::service::{Result, ServiceError};
use crate::store;
use crate::store::account::Account;

/// Accounts of a page of the list.
const PAGE: usize = 50;

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its owner comes in.
    Open,
    /// Its owner was invited and has not come yet.
    Invited,
    /// Its address was never confirmed.
    Unconfirmed,
    /// It was closed.
    Closed,
}

/// What is asked of the list of accounts; nothing asked finds all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Words of the name, the function or the address.
    pub words: String,
    /// The role.
    pub role: Option<RoleName>,
    /// Where the account stands.
    pub standing: Option<Standing>,
    /// Whether it has a second factor.
    pub has_second_factor: Option<bool>,
    /// Not signed in since then.
    pub not_seen_since: Option<Instant>,
    /// The page, from 1.
    pub page: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// All that match.
    pub total: usize,
    /// Pages that they fill.
    pub pages: usize,
    /// Those of the page, by name.
    pub accounts: Vec<Account>,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 4] = [Self::Open, Self::Invited, Self::Unconfirmed, Self::Closed];

    /// Where an account stands.
    #[must_use]
    pub const fn of(account: &Account) -> Self {
        match (account.disabled_at, account.confirmed_at) {
            (Some(_), _) => Self::Closed,
            (None, Some(_)) => Self::Open,
            (None, None) if is_invited(account) => Self::Invited,
            (None, None) => Self::Unconfirmed,
        }
    }

    /// The word of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "ouvert",
            Self::Invited => "invite",
            Self::Unconfirmed => "a-confirmer",
            Self::Closed => "ferme",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "ouvert",
            Self::Invited => "invitation en attente",
            Self::Unconfirmed => "adresse à confirmer",
            Self::Closed => "fermé",
        }
    }
}

impl Search {
    fn takes(&self, account: &Account) -> bool {
        let text = fold(&format!("{} {} {}", account.name, account.function, account.email.as_str()));
        fold(&self.words).split(' ').all(|word| text.contains(word))
            && self.role.is_none_or(|role| account.role.name() == role)
            && self.standing.is_none_or(|standing| Standing::of(account) == standing)
            && self.has_second_factor.is_none_or(|has| account.second_factor_at.is_some() == has)
            && self.not_seen_since.is_none_or(|since| account.signed_in_at.is_none_or(|seen| seen < since))
    }
}

/// A page of the accounts that match.
pub async fn search(app: &App, actor: &Actor, search: &Search) -> Result<Found> {
    let mut found = list(app, actor).await?;
    found.retain(|account| search.takes(account));
    found.sort_by_cached_key(|account| (fold(&account.name), account.person.clone()));
    let (total, from) = (found.len(), search.page.saturating_sub(1).saturating_mul(PAGE));
    let accounts = found.into_iter().skip(from).take(PAGE).collect();
    Ok(Found { total, pages: total.div_ceil(PAGE).max(1), accounts })
}

/// An account and how many sessions of it serve now.
pub async fn sheet(app: &App, actor: &Actor, person: &str) -> Result<(Account, usize)> {
    require_keeper(actor)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let account = store::account::find(&mut tx, person).await?;
    let sessions = store::session::of_person(&mut tx, person).await?;
    tx.done();
    let account = account.ok_or_else(unknown)?;
    Ok((account, sessions.into_iter().filter(|session| session.serves(now)).count()))
}

/// Every account, the oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Account>> {
    require_keeper(actor)?;
    let mut tx = app.db.read().await?;
    let all = store::account::all(&mut tx).await?;
    tx.done();
    Ok(all)
}

/// The account of an id or of an address.
pub async fn find(app: &App, actor: &Actor, who: &str) -> Result<Account> {
    require_keeper(actor)?;
    let mut tx = app.db.read().await?;
    let found = match who.parse() {
        Ok(email) => store::account::by_email(&mut tx, &email).await?,
        Err(_no_address) => store::account::find(&mut tx, who).await?,
    };
    tx.done();
    found.ok_or_else(unknown)
}

pub(super) fn unknown() -> ServiceError {
    let message = "aucun compte n’a cet identifiant ou cette adresse, ou il n’est pas dans cet état\u{a0}: la liste des comptes les montre";
    ServiceError::refused(Because::UnknownPerson, message)
}

/// Refuses a region that no SGAR can follow.
pub(super) fn require_region(app: &App, role: &AccountRole) -> Result<()> {
    match role.region() {
        Some(region) if !is_followed(app, region) => {
            let message = "choisissez une région d’aujourd’hui";
            Err(ServiceError::refused(Because::Invalid, message))
        }
        _ => Ok(()),
    }
}

/// Whether a prefecture follows a region: one of today, and not what belongs to none.
fn is_followed(app: &App, code: &str) -> bool {
    let region = app.codes.regions().latest(code);
    code != HORS && region.is_some_and(|region| region.successor.is_none())
}

/// The regions that a SGAR may have: code and name.
#[must_use]
pub fn regions(app: &App) -> Vec<(String, String)> {
    let mut regions: Vec<(String, String)> = app
        .codes
        .regions()
        .iter()
        .filter(|region| is_followed(app, &region.code))
        .map(|region| (region.code.to_string(), region.name_fr.to_string()))
        .collect();
    regions.sort_by_key(|(_, name)| crate::domain::text::fold(name));
    regions.dedup();
    regions
}

/// Refuses whoever does not keep accounts, and whoever would keep their own.
pub(super) fn require_keeper_of_others(actor: &Actor, person: &str) -> Result<()> {
    require_keeper(actor)?;
    if actor.person == person {
        let message = "ce compte est le vôtre\u{a0}: un autre administrateur doit s’en charger";
        return Err(ServiceError::refused(Because::Forbidden, message));
    }
    Ok(())
}

/// Refuses whoever does not keep accounts.
pub(super) fn require_keeper(actor: &Actor) -> Result<()> {
    match actor.role {
        Role::Administrator | Role::Operator => Ok(()),
        _ => Err(ServiceError::refused(Because::Forbidden, "les comptes reviennent aux administrateurs")),
    }
}
