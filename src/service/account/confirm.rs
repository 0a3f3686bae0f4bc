//! The address is confirmed: by the link of a mail, and by the password of the form that asked for it.

use std::fmt;

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Email, Purpose, Secret};
use crate::domain::attachment::State;
use crate::domain::mail::{Message, Recipient};
use crate::service::account::{Opened, Origin, SignedIn, live_link, sign_in, wrong_credentials};
use crate::service::attachment::tell_who_may_answer;
use crate::service::{Result, mail};
use crate::store::account::Account;
use crate::store::{self, Tx};

/// What a link shows before it is used. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub struct Peek {
    /// The address that it serves.
    pub email: Email,
    /// The name under which the account was asked for.
    pub name: String,
}

impl fmt::Debug for Peek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Peek({:?})", self.email)
    }
}

/// What a link serves, without using it; a refusal where it serves no more.
pub async fn peek(app: &App, secret: &Secret, purpose: Purpose) -> Result<Peek> {
    let mut tx = app.db.read().await?;
    let (_hash, account) = live_link(&mut tx, secret, purpose, app.now()).await?;
    tx.done();
    Ok(Peek { email: account.email, name: account.name })
}

/// Confirms the address by its link and the password, and opens a session.
///
/// The password is asked for because anybody can sign up with somebody else's
/// address: a link alone would confirm an account whose password they know.
pub async fn confirm(app: &App, secret: &Secret, password: &str, origin: &Origin) -> Result<Opened> {
    let mut tx = app.db.read().await?;
    let (hash, account) = live_link(&mut tx, secret, Purpose::Confirm, app.now()).await?;
    tx.done();
    match sign_in::with_link(app, account.email.as_str(), password, origin, Some(&hash)).await? {
        SignedIn::Opened(opened) => Ok(opened),
        SignedIn::Unconfirmed | SignedIn::Step(_) => Err(wrong_credentials()),
    }
}

/// What follows from a confirmed address: who may answer learns what is asked for.
pub(super) async fn confirmed(tx: &mut Tx<'_>, app: &App, account: &Account) -> Result<()> {
    let now = app.now();
    store::account::confirm(tx, &account.person, now).await?;
    store::single_use::end_all(tx, &account.person, Purpose::Confirm, None, now).await?;
    for attachment in store::attachment::of_person(tx, &account.person).await? {
        if attachment.state() == State::Awaited {
            tell_who_may_answer(tx, app, &attachment, None).await?;
        }
    }
    let requests = store::missing::open(tx).await?;
    for request in requests.into_iter().filter(|request| request.person == account.person) {
        let message = Message::CollectivityMissing { request: request.id, person: request.person };
        mail::queue(tx, app, &Recipient::Ministry, &message).await?;
    }
    Ok(())
}

/// What the journal tells of a confirmed address.
pub(super) fn told(account: &Account) -> serde_json::Value {
    json!({"confirmee": account.confirmed_at.is_none()})
}
