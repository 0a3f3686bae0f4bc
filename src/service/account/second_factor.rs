//! The second factor of an account: the codes of an application, and those that its owner printed.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Key, RecoveryCode, recovery};
use crate::domain::mail::{FactorChange, Message, Recipient};
use crate::domain::refusal::Because;
use crate::service::account::{Current, Origin, hash_of, limits, tell, wrong_credentials};
use crate::service::{Result, ServiceError, mail};
use crate::store::{self, Tx};

/// The name of the service in an application.
const ISSUER: &str = "e-APD";

/// What a person needs to set an application up. `Debug` hides the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The key, shared from its first code on.
    pub key: Key,
    /// The address that the QR code holds.
    pub address: String,
}

/// Codes to print, shown once: only their hashes are kept.
pub type Printed = Vec<RecoveryCode>;

/// By what someone proved to be the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The application.
    Application,
    /// A printed code.
    Printed,
}

impl Proof {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Printed => "secours",
        }
    }
}

impl Enrolment {
    /// What sets up an application with a key.
    #[must_use]
    pub fn of(key: Key, email: &str) -> Self {
        Self { address: key.address(ISSUER, email), key }
    }
}

pub(super) fn wrong_code() -> ServiceError {
    let message = "ce code ne convient pas\u{a0}: tapez celui que votre application montre maintenant\u{a0}; chaque code ne sert qu’une fois";
    ServiceError::refused(Because::WrongCode, message)
}

/// Draws a key.
pub(super) fn draw_key(app: &App) -> Key {
    Key::new(app.random.bytes())
}

/// Looks at a code typed by a person, and uses it up; its use is told by mail where it was a printed one.
pub(super) async fn prove(tx: &mut Tx<'_>, app: &App, person: &str, typed: &str) -> Result<Option<Proof>> {
    let now = app.now();
    let Some(key) = store::second_factor::find(tx, person).await?.and_then(|factor| factor.key) else {
        return Ok(None);
    };
    if let Some(step) = key.step_of(typed, now) {
        let is_first = store::second_factor::take_step(tx, person, step).await?;
        return Ok(is_first.then_some(Proof::Application));
    }
    let Some(code) = RecoveryCode::parse(typed) else { return Ok(None) };
    if !store::second_factor::use_code(tx, person, &hash_of(&code.bound_to(person))?, now).await? {
        return Ok(None);
    }
    let left = store::second_factor::codes_left(tx, person).await?;
    let message = Message::RecoveryUsed { at: now, left: u32::try_from(left).unwrap_or_default() };
    mail::queue(tx, app, &Recipient::Person(person.to_owned()), &message).await?;
    Ok(Some(Proof::Printed))
}

/// Confirms the key that waits by its first code: it opens the account from now on, with other printed codes.
/// Nothing where the code is wrong, or another key waits by now.
pub(super) async fn confirm(
    tx: &mut Tx<'_>,
    app: &App,
    person: &str,
    key: &Key,
    typed: &str,
) -> Result<Option<Printed>> {
    let now = app.now();
    let Some(step) = key.step_of(typed, now) else { return Ok(None) };
    if !store::second_factor::confirm(tx, person, key, step, now).await? {
        return Ok(None);
    }
    let printed = print(tx, app, person).await?;
    told_by_mail(tx, app, person, FactorChange::Enrolled).await?;
    Ok(Some(printed))
}

/// Draws other codes to print, in place of those before.
async fn print(tx: &mut Tx<'_>, app: &App, person: &str) -> Result<Printed> {
    store::second_factor::forget_codes(tx, person).await?;
    let drawn = (0..recovery::COUNT).filter_map(|_code| RecoveryCode::parse(&app.random.printed_code()));
    let printed: Printed = drawn.collect();
    for code in &printed {
        store::second_factor::insert_code(tx, person, &hash_of(&code.bound_to(person))?).await?;
    }
    Ok(printed)
}

pub(super) async fn told_by_mail(
    tx: &mut Tx<'_>,
    app: &App,
    person: &str,
    change: FactorChange,
) -> Result<()> {
    let message = Message::FactorChanged { at: app.now(), change };
    mail::queue(tx, app, &Recipient::Person(person.to_owned()), &message).await
}

/// Writes down that a code was wrong.
pub(super) async fn refused<T>(app: &App, person: &str) -> Result<T> {
    let mut tx = app.db.begin().await?;
    tell(&mut tx, app.now(), person, "session.code.refused", "compte", &json!({})).await?;
    tx.commit().await?;
    Err(wrong_code())
}

/// How many printed codes are left to the person who asks.
pub async fn codes_left(app: &App, current: &Current) -> Result<i64> {
    let mut tx = app.db.read().await?;
    let left = store::second_factor::codes_left(&mut tx, &current.actor.person).await?;
    tx.done();
    Ok(left)
}

/// Prints other codes, by a code.
pub async fn renew_codes(app: &App, current: &Current, typed: &str, origin: &Origin) -> Result<Printed> {
    let person = current.actor.person.as_str();
    let Some(mut tx) = proved(app, current, typed, origin).await? else { return refused(app, person).await };
    let printed = print(&mut tx, app, person).await?;
    told_by_mail(&mut tx, app, person, FactorChange::Codes).await?;
    tell(&mut tx, app.now(), person, "account.second_factor.codes", person, &json!({})).await?;
    tx.commit().await?;
    Ok(printed)
}

/// Begins to change the application, by a code of the one before or a printed one.
pub async fn change_application(
    app: &App,
    current: &Current,
    typed: &str,
    origin: &Origin,
) -> Result<Enrolment> {
    let person = current.actor.person.as_str();
    let Some(mut tx) = proved(app, current, typed, origin).await? else { return refused(app, person).await };
    let key = draw_key(app);
    store::second_factor::prepare(&mut tx, person, &key).await?;
    tell(&mut tx, app.now(), person, "account.second_factor.prepare", person, &json!({})).await?;
    tx.commit().await?;
    Ok(Enrolment::of(key, current.email.as_str()))
}

/// The application set up by [`change_application`] takes the place of the one before, by its first code; other
/// sessions end. The key comes back with the form: a session alone does not learn it.
pub async fn confirm_application(
    app: &App,
    current: &Current,
    key: &str,
    typed: &str,
    origin: &Origin,
) -> Result<Printed> {
    let (person, email) = (current.actor.person.as_str(), current.email.as_str());
    limits::count_second(app, (person, email), &origin.address).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_attempts().await?;
    let confirmed = match Key::from_base32(key) {
        Some(key) => confirm(&mut tx, app, person, &key, typed).await?,
        None => None,
    };
    let Some(printed) = confirmed else {
        drop(tx);
        return refused(app, person).await;
    };
    limits::knew_second(&mut tx, (person, email), &origin.address, now).await?;
    let ended = store::session::end_others(&mut tx, person, Some(&current.session.id), now).await?;
    tell(&mut tx, now, person, "account.second_factor", person, &json!({"sessions": ended})).await?;
    tx.commit().await?;
    Ok(printed)
}

/// The transaction in which a person who is signed in proved it once more; nothing where the code is wrong.
async fn proved<'a>(app: &'a App, current: &Current, typed: &str, origin: &Origin) -> Result<Option<Tx<'a>>> {
    let (person, email) = (current.actor.person.as_str(), current.email.as_str());
    limits::count_second(app, (person, email), &origin.address).await?;
    let mut tx = app.db.begin().await?;
    tx.hold_attempts().await?;
    // What the session was opened with may have changed since.
    let account = store::account::find(&mut tx, person).await?.ok_or_else(wrong_credentials)?;
    if account.disabled_at.is_some() || prove(&mut tx, app, person, typed).await?.is_none() {
        return Ok(None);
    }
    limits::knew_second(&mut tx, (person, email), &origin.address, app.now()).await?;
    Ok(Some(tx))
}
