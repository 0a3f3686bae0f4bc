//! From the queue to whoever takes mails. Each one is taken by a lease, sent, and only then noted as
//! sent: a deliverer that dies in between leaves it to another, which sends it with the same Message-ID.

use crate::app::App;
use crate::domain::mail::pace::{MOST_TRIES, next_try};
use crate::service::Result;
use crate::service::mail::post::{Failure, Post, host};
use crate::service::mail::write::write;
use crate::store;
use crate::store::mail::{Lease, Leased};

/// A deliverer that has not said after this long what became of a mail is dead, seconds: sending takes a minute at most.
const LEASE: i64 = 180;
/// Most mails of one pass.
const MOST: usize = 1_000;

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Mails that left.
    pub sent: usize,
    /// Mails that will be tried again.
    pub put_off: usize,
    /// Mails that nobody tries any more.
    pub given_up: usize,
}

/// What became of one mail.
enum Outcome {
    Sent,
    PutOff { error: String, is_outage: bool },
    GivenUp { error: String, is_for_ever: bool },
}

/// Sends what is due, one after the other, as long as `goes_on` says so and the server takes mails.
pub async fn deliver(app: &App, post: &Post, goes_on: impl Fn() -> bool) -> Result<Delivered> {
    let (by, mut delivered) = (app.random.identifier(), Delivered::default());
    for _turn in 0..MOST {
        if !goes_on() {
            break;
        }
        let Some(leased) = lease(app, &by).await? else { break };
        let (id, kind, tried) = (leased.mail.id.clone(), leased.mail.kind.clone(), leased.attempts);
        let outcome = send(app, post, leased).await?;
        let is_outage = matches!(outcome, Outcome::PutOff { is_outage: true, .. });
        note(app, (&id, &kind, &by), tried, outcome, &mut delivered).await?;
        if is_outage {
            break;
        }
    }
    Ok(delivered)
}

async fn lease(app: &App, by: &str) -> Result<Option<Leased>> {
    let (now, host) = (app.now(), host(&app.config.server.public_url));
    let mut tx = app.db.begin().await?;
    tx.hold_mail().await?;
    let leased =
        store::mail::lease(&mut tx, Lease { by, at: now, until: now.plus_seconds(LEASE), host }).await?;
    tx.commit().await?;
    Ok(leased)
}

async fn send(app: &App, post: &Post, leased: Leased) -> Result<Outcome> {
    // Its deliverers died each time: it may be why.
    if leased.attempts > MOST_TRIES {
        let error = "envoi interrompu trop souvent".to_owned();
        return Ok(Outcome::GivenUp { error, is_for_ever: false });
    }
    let ready = match write(app, leased).await? {
        Ok(ready) => ready,
        Err(why) => {
            return Ok(Outcome::GivenUp { error: why.told().to_owned(), is_for_ever: why.is_for_ever() });
        }
    };
    Ok(match post.send(&ready).await {
        Ok(()) => Outcome::Sent,
        Err(Failure::Outage(error)) => Outcome::PutOff { error, is_outage: true },
        Err(Failure::Later(error)) => Outcome::PutOff { error, is_outage: false },
        Err(Failure::Never(error)) => Outcome::GivenUp { error, is_for_ever: false },
    })
}

/// Notes what became of it. Logs name the mail by its id: never an address, never what it says.
async fn note(
    app: &App,
    (id, kind, by): (&str, &str, &str),
    tried: i32,
    outcome: Outcome,
    delivered: &mut Delivered,
) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let held = match outcome {
        Outcome::Sent => {
            delivered.sent += 1;
            tracing::info!(mail.id = id, kind, tried, "mail sent");
            store::mail::sent(&mut tx, id, by, now).await?
        }
        Outcome::PutOff { error, .. } => match next_try(tried, now) {
            Some(due_at) => {
                delivered.put_off += 1;
                tracing::warn!(mail.id = id, kind, tried, error, "mail put off");
                store::mail::put_off(&mut tx, id, by, due_at, &error).await?
            }
            None => {
                delivered.given_up += 1;
                tracing::error!(mail.id = id, kind, tried, error, "mail given up");
                store::mail::give_up(&mut tx, id, by, now, (&error, false)).await?
            }
        },
        Outcome::GivenUp { error, is_for_ever } => {
            delivered.given_up += 1;
            tracing::error!(mail.id = id, kind, tried, error, "mail given up");
            store::mail::give_up(&mut tx, id, by, now, (&error, is_for_ever)).await?
        }
    };
    tx.commit().await?;
    if !held {
        // Forgotten with its person, or taken by another after this lease had ended.
        tracing::warn!(mail.id = id, kind, "the lease of a mail had ended");
    }
    Ok(())
}
