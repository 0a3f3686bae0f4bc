//! Three bodies, a mailbox to read, and fictitious agents who come in.

use std::collections::BTreeMap;

use eapd::app::App;
use eapd::config::Profile;
use eapd::domain::account::{Email, Identity, Secret};
use eapd::domain::refusal::Because;
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::service::account::{self, Current, Opened, Origin, SignUp, SignedIn, Wanted};
use eapd::service::attachment::{self, Decision};
use eapd::service::{Result, ServiceError};
use eapd::store;
use eapd::store::mail::Waiting;
use futures_util::TryStreamExt;
use serde_json::Value;

use crate::support::people::manager;
use crate::support::register::{Entry, register};
use crate::support::scenario::Alias;
use crate::support::template::{Made, prepared};
use crate::support::{Engine, Role as DatabaseRole, TestApp};

pub const NOW: &str = "2014-05-20T08:00:00Z";
pub const PASSWORD: &str = "girafe velours octet jambon";
pub const OTHER: &str = "pluie citron tambour 48 lierre";

/// A in Auvergne-Rhône-Alpes, B in Bretagne, C in no region.
pub async fn world(engine: Engine) -> Made {
    prepared(engine, Profile::Demo, "accounts", NOW, async |app: &TestApp| {
        let entries = [("A", "84"), ("B", "53"), ("C", "HORS")].map(|(alias, region)| Entry {
            region: region.to_owned(),
            ..Entry::named(siren(alias), &format!("Commune fictive {alias}"))
        });
        register(app, &entries, &[], &[]).await;
    })
    .await
}

pub fn siren(alias: &str) -> Siren {
    alias.parse::<Alias>().and_then(Alias::siren).unwrap()
}

pub fn email(text: &str) -> Email {
    text.parse().unwrap()
}

/// Someone at an address of the network.
pub fn from(address: &str) -> Origin {
    Origin { address: address.to_owned(), browser: "Navigateur fictif".to_owned() }
}

pub fn here() -> Origin {
    from("192.0.2.1")
}

pub fn sgar(region: &str) -> Actor {
    Actor { person: format!("SGAR-{region}"), role: Role::Sgar(region.to_owned()) }
}

/// The form of an agent for a body.
pub fn form(address: &str, alias: &str) -> SignUp {
    SignUp {
        identity: Identity::new("Agent Inventé", "secrétaire de mairie").unwrap(),
        email: email(address),
        wanted: Wanted::Registered(siren(alias)),
        message: Some("Je remplace une collègue partie.".to_owned()),
    }
}

/// Mails that wait, taken out of the queue.
pub async fn mails(app: &App) -> Vec<Waiting> {
    let mut tx = app.db.begin().await.unwrap();
    let waiting = store::mail::waiting(&mut tx).await.unwrap();
    drop(tx);
    waiting
}

/// The last mail of a kind.
pub async fn last(app: &App, kind: &str) -> Waiting {
    // Those of one second are in no order: the newest link is the one that still serves.
    let all = mails(app).await;
    let found = all.into_iter().filter(|mail| mail.kind == kind).collect::<Vec<_>>();
    assert!(!found.is_empty(), "no {kind}");
    let mut tx = app.db.snapshot().await.unwrap();
    for mail in &found {
        let data = data(mail);
        let Some(secret) = data["secret"].as_str() else { continue };
        let hash = Secret::new(secret).sha256().unwrap();
        let link = store::single_use::find(&mut tx, &hash).await.unwrap();
        if link.is_some_and(|link| link.used_at.is_none()) {
            return mail.clone();
        }
    }
    found.last().unwrap().clone()
}

pub fn data(mail: &Waiting) -> Value {
    serde_json::from_str(&mail.data).unwrap()
}

/// The secret of the last link of a kind.
pub async fn link(app: &App, kind: &str) -> Secret {
    Secret::new(data(&last(app, kind).await)["secret"].as_str().unwrap())
}

/// How many mails of each kind go to whom.
pub async fn sent(app: &App) -> BTreeMap<(String, String), usize> {
    let mut sent = BTreeMap::new();
    for mail in mails(app).await {
        *sent
            .entry((mail.kind, format!("{} {}", mail.to_kind, mail.to_id).trim().to_owned()))
            .or_default() += 1;
    }
    sent
}

/// Empties the queue, as if all were sent.
pub async fn all_sent(app: &TestApp) {
    app.instance.must("DELETE FROM mail;");
}

/// The actions of the journal, in order.
pub async fn journal(app: &App) -> Vec<(String, String)> {
    let mut tx = app.db.snapshot().await.unwrap();
    let entries: Vec<_> = store::journal::stream(&mut tx).try_collect().await.unwrap();
    entries.into_iter().map(|entry| (entry.action, entry.actor)).collect()
}

/// The last action of the journal.
pub async fn told(app: &App) -> String {
    journal(app).await.pop().unwrap().0
}

pub fn refused<T: std::fmt::Debug>(outcome: Result<T>, because: Because) {
    match outcome {
        Err(ServiceError::Refused(refusal)) if refusal.because == because => {}
        other => panic!("{because:?} expected, {other:?} found"),
    }
}

pub fn opened(signed_in: SignedIn) -> Opened {
    match signed_in {
        SignedIn::Opened(opened) => opened,
        SignedIn::Unconfirmed | SignedIn::Step(_) => panic!("a session expected"),
    }
}

/// What leads to the second factor, after the password.
pub fn step(signed_in: SignedIn) -> Secret {
    match signed_in {
        SignedIn::Step(secret) => secret,
        other => panic!("a step expected, {other:?} found"),
    }
}

/// Signs in with the usual password.
pub async fn sign_in(app: &App, address: &str) -> Opened {
    opened(account::sign_in(app, address, PASSWORD, &here()).await.unwrap())
}

/// Who a session stands for now.
pub async fn who(app: &App, opened: &Opened) -> Current {
    account::current(app, &opened.secret).await.unwrap().expect("a session that serves")
}

/// Signs up for a body, confirms, and is signed in; the queue is emptied.
pub async fn join(app: &TestApp, address: &str, alias: &str) -> Opened {
    account::sign_up(&app.app, &form(address, alias), PASSWORD, &here()).await.unwrap();
    let link = link(&app.app, "confirm_email").await;
    let opened = account::confirm(&app.app, &link, PASSWORD, &here()).await.unwrap();
    all_sent(app).await;
    opened
}

/// [`join`], attached by the ministry.
pub async fn attached(app: &TestApp, address: &str, alias: &str) -> Opened {
    let opened = join(app, address, alias).await;
    let id = who(&app.app, &opened).await.awaited[0].attachment.clone();
    attachment::decide(&app.app, &manager(), &id, Decision::Accept).await.unwrap();
    all_sent(app).await;
    opened
}

/// Everything that the database holds, as text.
pub fn dump(test: &TestApp) -> String {
    let outcome = match test.engine() {
        Engine::Sqlite => test.instance.sql(".dump"),
        Engine::Postgres => {
            test.instance.sql_as(DatabaseRole::Owner, "SELECT schema_to_xml('public', true, true, '');")
        }
    };
    assert!(outcome.done() && outcome.stdout.contains("Commune fictive A"), "{outcome}");
    outcome.stdout
}
