//! An agent signs in.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Email, Password, Secret, session};
use crate::service::Result;
use crate::service::account::limits::{self, Counted};
use crate::service::account::{
    NOBODY, Origin, confirm, draw, hash_of, sign_up, step, tell, wrong_credentials,
};
use crate::store::account::Account;
use crate::store::session::Session;
use crate::store::{self, Tx};

/// What came of the right password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    /// A session.
    Opened(Opened),
    /// No session: the address is not confirmed, and another link is on its way.
    Unconfirmed,
    /// No session yet: what the cookie holds that leads to the second factor.
    Step(Secret),
}

/// A session just opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What the cookie holds; only its hash is kept.
    pub secret: Secret,
    /// The session.
    pub session: Session,
}

/// Signs in by address and password. Refused alike, by the same work, for a wrong
/// password, an unknown address and a closed account.
pub async fn sign_in(app: &App, email: &str, password: &str, origin: &Origin) -> Result<SignedIn> {
    with_link(app, email, password, origin, None).await
}

/// [`sign_in`], with the hash of a link that confirms the address.
pub(super) async fn with_link(
    app: &App,
    email: &str,
    password: &str,
    origin: &Origin,
    link: Option<&str>,
) -> Result<SignedIn> {
    let email: Option<Email> = email.parse().ok();
    let counted =
        limits::count_sign_in(app, email.as_ref().map_or("", Email::as_str), &origin.address).await?;
    let account = match &email {
        Some(email) => {
            let mut tx = app.db.read().await?;
            let found = store::account::by_email(&mut tx, email).await?;
            tx.done();
            found
        }
        None => None,
    };
    let on_file = account.as_ref().map(|account| account.password.clone());
    let is_right = app.passwords.verify(Password::typed(password), on_file).await?;
    let person = account.as_ref().map_or_else(|| NOBODY.to_owned(), |account| account.person.clone());
    match account.filter(|account| is_right && account.disabled_at.is_none()) {
        Some(account) => open(app, &account, &counted, origin, link).await,
        None => refuse(app, &person).await,
    }
}

async fn refuse(app: &App, person: &str) -> Result<SignedIn> {
    let mut tx = app.db.begin().await?;
    tell(&mut tx, app.now(), person, "session.refused", "compte", &json!({})).await?;
    tx.commit().await?;
    Err(wrong_credentials())
}

async fn open(
    app: &App,
    account: &Account,
    counted: &Counted,
    origin: &Origin,
    link: Option<&str>,
) -> Result<SignedIn> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    // What the password was compared with may have changed since.
    let Some(account) = store::account::find(&mut tx, &account.person)
        .await?
        .filter(|now| now.password == account.password && now.disabled_at.is_none())
    else {
        return Err(wrong_credentials());
    };
    limits::given_back(&mut tx, counted).await?;
    if step::is_needed(&account) {
        // Who is invited has no password yet.
        if account.confirmed_at.is_none() {
            return Err(wrong_credentials());
        }
        let secret = step::begin(&mut tx, app, &account).await?;
        tx.commit().await?;
        return Ok(SignedIn::Step(secret));
    }
    limits::remember(&mut tx, counted, now).await?;
    if account.confirmed_at.is_none() {
        let is_used = match link {
            Some(link) => store::single_use::use_up(&mut tx, link, now).await?,
            None => false,
        };
        if !is_used {
            let may_write = limits::count_mail(&mut tx, app, account.email.as_str()).await?;
            sign_up::write(&mut tx, app, &account.person, may_write).await?;
            tell(&mut tx, now, &account.person, "session.unconfirmed", "compte", &json!({})).await?;
            tx.commit().await?;
            return Ok(SignedIn::Unconfirmed);
        }
        confirm::confirmed(&mut tx, app, &account).await?;
    }
    let opened = open_session(&mut tx, app, &account, origin).await?;
    tell(&mut tx, now, &account.person, "session.open", &opened.session.id, &confirm::told(&account)).await?;
    tx.commit().await?;
    Ok(SignedIn::Opened(opened))
}

/// Opens a session for who proved to be the owner of an account; the journal is told by the caller.
pub(super) async fn open_session(
    tx: &mut Tx<'_>,
    app: &App,
    account: &Account,
    origin: &Origin,
) -> Result<Opened> {
    let now = app.now();
    let (secret, id) = (draw(app), app.random.identifier());
    let session = Session {
        id,
        person: account.person.clone(),
        browser: session::browser(&origin.browser),
        created_at: now,
        seen_at: now,
        ended_at: None,
    };
    store::session::insert(tx, &session, &hash_of(&secret)?).await?;
    store::account::signed_in(tx, &account.person, now).await?;
    Ok(Opened { secret, session })
}
