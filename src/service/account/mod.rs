//! Accounts: an agent signs up, confirms an address, signs in, and is known again.
//!
//! Whoever asks without a session learns nothing about who has an account: the
//! answer, the work and what is journalled are the same. Nothing here prints or
//! journals an address, a password, a link or a cookie.

mod confirm;
mod create;
mod current;
mod erase;
mod forgotten;
mod invite;
mod keep;
mod limits;
mod list;
mod missing;
mod password;
mod purge;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_up;
pub mod stash;
mod step;

pub use confirm::{Peek, confirm, peek};
pub(in crate::service) use create::require_operator;
pub use create::{NewAccount, create};
pub use current::{Awaited, Current, current};
pub use erase::{disable, erase};
pub use forgotten::{forgotten, reset};
pub use invite::{accept, cancel, invite, resend};
pub use keep::{change_role, enable, end_all_sessions, reset_second_factor};
pub(crate) use limits::count_code;
pub use list::{Found, Search, Standing, find, list, regions, search, sheet};
pub use missing::{answer_missing, missing, missing_requests};
pub use password::change_password;
pub use purge::{Purged, purge};
pub use second_factor::{
    Enrolment, Printed, change_application, codes_left, confirm_application, renew_codes,
};
pub use sessions::{ListedSession, end_other_sessions, end_session, sessions, sign_out};
pub use sign_in::{Opened, SignedIn, sign_in};
pub use sign_up::{SignUp, Wanted, sign_up};
pub use step::{Awaiting, awaiting, enrol, pass};

pub use crate::store::account::Account;
pub use crate::store::missing::MissingRequest;
pub use crate::store::session::Session;
pub use crate::store::stash::Stashed;

use serde_json::Value;

use crate::app::App;
pub use crate::domain::account::RecoveryCode;
use crate::domain::account::{Email, Password, PasswordHash, Purpose, Secret};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::passwords::HashError;
use crate::service::{Result, ServiceError, this_year};
use crate::store::journal::Told;
use crate::store::single_use::SingleUse;
use crate::store::{self, StoreError, Tx};

/// Who acts where nobody is known: a failed sign-in to no account.
pub const NOBODY: &str = "inconnu";

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Address of the network, as the outermost trusted proxy tells it.
    pub address: String,
    /// What the browser says of itself.
    pub browser: String,
}

/// A secret that nobody guesses: twice 130 random bits.
fn draw(app: &App) -> Secret {
    Secret::new(format!("{}{}", app.random.identifier(), app.random.identifier()))
}

/// Keeps a link of a mail and ends those of the same purpose that came before.
async fn draw_link(tx: &mut Tx<'_>, app: &App, person: &str, purpose: Purpose) -> Result<(Secret, Instant)> {
    let (secret, now) = (draw(app), app.now());
    store::single_use::end_all(tx, person, purpose, None, now).await?;
    let link = SingleUse::new(purpose, person, None, now);
    store::single_use::insert(tx, &link, &hash_of(&secret)?).await?;
    Ok((secret, link.expires_at))
}

fn hash_of(secret: &Secret) -> Result<String> {
    secret.sha256().ok_or_else(dead_link)
}

/// Whether an account waits for its owner to accept the invitation: others are confirmed as they are made.
pub(super) const fn is_invited(account: &Account) -> bool {
    account.confirmed_at.is_none() && account.role.is_privileged()
}

/// The link that a secret opens now for a purpose, with the account it serves.
async fn live_link(
    tx: &mut Tx<'_>,
    secret: &Secret,
    purpose: Purpose,
    now: Instant,
) -> Result<(String, Account)> {
    let hash = hash_of(secret)?;
    let link = store::single_use::find(tx, &hash).await?.filter(|link| link.serves(purpose, now));
    let link = link.ok_or_else(dead_link)?;
    let account =
        store::account::find(tx, &link.person).await?.filter(|account| account.disabled_at.is_none());
    Ok((hash, account.ok_or_else(dead_link)?))
}

fn dead_link() -> ServiceError {
    let message =
        "ce lien a déjà servi, a été remplacé par un plus récent, ou a expiré\u{a0}: demandez-en un autre";
    ServiceError::refused(Because::DeadLink, message)
}

fn wrong_credentials() -> ServiceError {
    let message = "l’adresse ou le mot de passe ne convient pas\u{a0}: vérifiez-les, ou choisissez un autre mot de passe par «\u{a0}mot de passe oublié\u{a0}»";
    ServiceError::refused(Because::WrongCredentials, message)
}

/// Judges a password and hashes it.
async fn hashed(app: &App, text: &str, shortest: usize, about: &[&str]) -> Result<PasswordHash> {
    let (text, about) = (text.to_owned(), about.iter().map(ToString::to_string).collect::<Vec<_>>());
    // Looking for what is easily guessed takes longer than a thread that answers has.
    let judged = tokio::task::spawn_blocking(move || {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        Password::chosen(&text, shortest, &about)
    });
    let password = judged
        .await
        .map_err(|error| HashError::Failed(error.to_string()))?
        .map_err(|fault| ServiceError::refused(Because::WeakPassword, fault.to_string()))?;
    Ok(app.passwords.hash(password, app.random.bytes()).await?)
}

impl From<HashError> for ServiceError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => {
                let message = "le service est très sollicité\u{a0}: réessayez dans une minute";
                Self::refused(Because::TooOften, message)
            }
            HashError::Failed(detail) => Self::Store(StoreError::Inconsistent { table: "account", detail }),
        }
    }
}

/// What a password of this account must not rest on.
async fn about(tx: &mut Tx<'_>, app: &App, account: &Account) -> Result<Vec<String>> {
    let mut about = about_person(&account.name, &account.email);
    for attachment in store::attachment::of_person(tx, &account.person).await? {
        about.extend(name_of(tx, app, attachment.siren).await?);
    }
    Ok(about)
}

fn about_person(name: &str, email: &Email) -> Vec<String> {
    let words = email.words().map(str::to_owned);
    [name.to_owned(), email.as_str().to_owned()].into_iter().chain(words).collect()
}

/// The name of a collectivity this year.
async fn name_of(tx: &mut Tx<'_>, app: &App, siren: Siren) -> Result<Option<String>> {
    let body = store::register::find(tx, siren, this_year(app)?).await?;
    Ok(body.map(|body| body.name))
}

/// Adds a row to the journal, by id of the person alone; call it last.
pub(crate) async fn tell(
    tx: &mut Tx<'_>,
    at: Instant,
    actor: &str,
    action: &str,
    subject: &str,
    after: &Value,
) -> Result<()> {
    let after = after.to_string();
    let told = Told { at, actor, action, subject, before: None, after: Some(&after) };
    store::journal::append(tx, told).await?;
    Ok(())
}
