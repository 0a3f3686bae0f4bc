//! Someone of the ministry, of a prefecture or of the observers, with a session.

use eapd::domain::account::{AccountRole, Email, Identity, Secret};
use eapd::service::account::{self, NewAccount};
use eapd::service::operator;
use eapd::store;
use eapd::store::session::Session;

use super::desk::{PASSWORD, Signed};
use crate::support::TestApp;

/// A session of a role, as sign-in leaves it; one account a role.
pub async fn staff(test: &TestApp, role: AccountRole) -> Signed<'_> {
    let person = enlist(test, role).await;
    session(test, &person).await
}

/// An account of a role, one a role: the id of its person.
pub async fn enlist(test: &TestApp, role: AccountRole) -> String {
    let app = &test.app;
    let operator = operator::identify(app, "essai").await.unwrap();
    let name = role.acting_for(vec![]).code();
    let new = NewAccount {
        email: format!("{name}@service.example").parse::<Email>().unwrap(),
        identity: Identity::new("Agent Inventé", "essai").unwrap(),
        role,
    };
    account::create(app, &operator, &new, PASSWORD).await.unwrap()
}

/// A session of a person that begins now.
pub async fn session<'t>(test: &'t TestApp, person: &str) -> Signed<'t> {
    let app = &test.app;
    let secret = Secret::new(format!("SESSION0{}", app.random.identifier()));
    let session = Session {
        id: app.random.identifier(),
        person: person.to_owned(),
        browser: "Navigateur fictif".to_owned(),
        created_at: app.now(),
        seen_at: app.now(),
        ended_at: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    store::session::insert(&mut tx, &session, &secret.sha256().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    Signed::with(test, &format!("__Host-eapd-session={}", secret.reveal()))
}
