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
    let app = &test.app;
    let operator = operator::identify(app, "essai").await.unwrap();
    let name = role.acting_for(vec![]).code();
    let new = NewAccount {
        email: format!("{name}@service.example").parse::<Email>().unwrap(),
        identity: Identity::new("Agent Inventé", "essai").unwrap(),
        role,
    };
    let person = account::create(app, &operator, &new, PASSWORD).await.unwrap();
    let secret = Secret::new(format!("SESSION0{}", name.to_uppercase()));
    let session = Session {
        id: format!("S-{name}"),
        person,
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
