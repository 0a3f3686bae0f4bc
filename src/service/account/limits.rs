//! How fast one may try, kept in the database so that several instances count together.
//!
//! A try is counted before it is judged and given back when it succeeds, so that
//! a hundred at once are a hundred.

use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::account::Tries;
use crate::domain::account::pace::{self, Pace};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::siren::Siren;
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

/// A try that was counted.
#[derive(Debug)]
pub(super) struct Counted {
    account: String,
    pair: String,
    known: String,
    /// The address, and what was counted of it before and with this try.
    address: Option<(String, Option<Tries>, Tries)>,
}

fn key(kind: &str, what: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for part in what {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

fn too_often(wait: i64) -> ServiceError {
    let message = format!("trop d’essais\u{a0}: réessayez dans {}", pace::in_words(wait));
    ServiceError::refused(Because::TooOften, message)
}

/// Counts a try to sign in, or refuses it: too soon.
pub(super) async fn count_sign_in(app: &App, email: &str, address: &str) -> Result<Counted> {
    let (now, address) = (app.now(), &*pace::network(address));
    let mut tx = app.db.begin().await?;
    tx.hold_attempts().await?;
    let (account, pair) = (key("account", &[email]), key("pair", &[email, address]));
    let known = key("known", &[email, address]);
    let is_known = is_known(&mut tx, &known, now).await?;
    let mut counted = vec![(pair.clone(), pace::PAIR)];
    if !is_known {
        counted.extend([(account.clone(), pace::ACCOUNT), (key("address", &[address]), pace::ADDRESS)]);
    }
    let (mut wait, mut found) = (0, Vec::with_capacity(counted.len()));
    for (key, pace) in counted {
        let before = store::attempt::find(&mut tx, &key).await?;
        wait = wait.max(pace.wait(before, now));
        found.push((key, before, pace.after(before, now)));
    }
    if wait > 0 {
        return Err(too_often(wait));
    }
    for (key, _before, after) in &found {
        store::attempt::put(&mut tx, key, *after).await?;
    }
    tx.commit().await?;
    let address = if is_known { None } else { found.pop() };
    Ok(Counted { account, pair, known, address })
}

/// Gives back what was counted of a try that succeeded.
pub(super) async fn given_back(tx: &mut Tx<'_>, counted: &Counted) -> Result<()> {
    tx.hold_attempts().await?;
    for key in [&counted.account, &counted.pair] {
        store::attempt::clear(tx, key).await?;
    }
    if let Some((key, before, after)) = &counted.address {
        match (store::attempt::find(tx, key).await?, before) {
            (Some(found), Some(before)) if found == *after => store::attempt::put(tx, key, *before).await?,
            (Some(found), None) if found == *after => store::attempt::clear(tx, key).await?,
            // Others failed meanwhile: theirs stay.
            (Some(found), _) => {
                let failures = found.failures.saturating_sub(1);
                store::attempt::put(tx, key, Tries { failures, ..found }).await?;
            }
            (None, _) => {}
        }
    }
    Ok(())
}

/// Remembers the address of a try as the owner's.
pub(super) async fn remember(tx: &mut Tx<'_>, counted: &Counted, now: Instant) -> Result<()> {
    tx.hold_attempts().await?;
    Ok(store::attempt::put(tx, &counted.known, Tries { failures: 0, last_at: now }).await?)
}

/// Counts a code that follows a password, or refuses it: too soon. Where the owner came in before, it has delays of
/// its own, as a password has: whoever knows the password does not keep the owner out from elsewhere.
pub(super) async fn count_second(app: &App, (person, email): (&str, &str), address: &str) -> Result<()> {
    let (now, address) = (app.now(), &*pace::network(address));
    let mut tx = app.db.begin().await?;
    let known = is_known(&mut tx, &key("known", &[email, address]), now).await?;
    let (key, pace) = if known {
        (key("second-pair", &[person, address]), pace::PAIR)
    } else {
        (key("second", &[person]), pace::ACCOUNT)
    };
    counted(&mut tx, app, pace, &key).await.map_err(too_often_or)?;
    tx.commit().await?;
    Ok(())
}

/// Gives back what [`count_second`] counted, and remembers the address as the owner's.
pub(super) async fn knew_second(
    tx: &mut Tx<'_>,
    (person, email): (&str, &str),
    address: &str,
    now: Instant,
) -> Result<()> {
    let address = &*pace::network(address);
    tx.hold_attempts().await?;
    store::attempt::clear(tx, &key("second", &[person])).await?;
    store::attempt::clear(tx, &key("second-pair", &[person, address])).await?;
    Ok(store::attempt::put(tx, &key("known", &[email, address]), Tries { failures: 0, last_at: now }).await?)
}

/// Whether the owner of an account came in from this address within the last months.
async fn is_known(tx: &mut Tx<'_>, known: &str, now: Instant) -> Result<bool> {
    let known = store::attempt::find(tx, known).await?;
    Ok(known.is_some_and(|known| now.seconds_since(known.last_at) < pace::KNOWN_FOR))
}

/// Who proved to own the mailbox is not held back by who tried passwords before.
pub(super) async fn proved(tx: &mut Tx<'_>, email: &str, address: &str, now: Instant) -> Result<()> {
    let address = &*pace::network(address);
    tx.hold_attempts().await?;
    store::attempt::clear(tx, &key("account", &[email])).await?;
    store::attempt::clear(tx, &key("pair", &[email, address])).await?;
    store::attempt::put(tx, &key("known", &[email, address]), Tries { failures: 0, last_at: now }).await?;
    Ok(())
}

/// Forgets what was tried on an account that is erased.
pub(super) async fn forget(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    tx.hold_attempts().await?;
    for kind in ["account", "mails"] {
        store::attempt::clear(tx, &key(kind, &[email])).await?;
    }
    Ok(())
}

/// Counts one more of what anybody may ask for, or refuses it.
pub(super) async fn count_form(app: &App, address: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    counted(&mut tx, app, pace::FORMS, &key("forms", &[&pace::network(address)]))
        .await
        .map_err(too_often_or)?;
    tx.commit().await?;
    Ok(())
}

/// Counts a mail that anybody may have sent to a mailbox; `false` when it has had enough of them.
pub(super) async fn count_mail(tx: &mut Tx<'_>, app: &App, email: &str) -> Result<bool> {
    match counted(tx, app, pace::MAILS, &key("mails", &[email])).await {
        Ok(()) => Ok(true),
        Err(Held::For(_wait)) => Ok(false),
        Err(Held::Failed(error)) => Err(error),
    }
}

/// Counts a code asked for by an agent for a collectivity, or refuses it.
pub(crate) async fn count_code(tx: &mut Tx<'_>, app: &App, person: &str, siren: Siren) -> Result<()> {
    counted(tx, app, pace::CODES, &key("codes", &[person, siren.as_str()])).await.map_err(too_often_or)
}

/// Counts a password asked for again within a session, or refuses it.
pub(super) async fn count_password(app: &App, person: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    counted(&mut tx, app, pace::PAIR, &key("password", &[person])).await.map_err(too_often_or)?;
    tx.commit().await?;
    Ok(())
}

/// Gives back what [`count_password`] counted.
pub(super) async fn knew_password(tx: &mut Tx<'_>, person: &str) -> Result<()> {
    tx.hold_attempts().await?;
    Ok(store::attempt::clear(tx, &key("password", &[person])).await?)
}

/// Why something is not counted.
enum Held {
    For(i64),
    Failed(ServiceError),
}

fn too_often_or(held: Held) -> ServiceError {
    match held {
        Held::For(wait) => too_often(wait),
        Held::Failed(error) => error,
    }
}

async fn counted(tx: &mut Tx<'_>, app: &App, pace: Pace, key: &str) -> std::result::Result<(), Held> {
    let failed = |error: store::StoreError| Held::Failed(error.into());
    let now = app.now();
    tx.hold_attempts().await.map_err(failed)?;
    let before = store::attempt::find(tx, key).await.map_err(failed)?;
    match pace.wait(before, now) {
        0 => store::attempt::put(tx, key, pace.after(before, now)).await.map_err(failed),
        wait => Err(Held::For(wait)),
    }
}
