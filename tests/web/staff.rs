//! Someone of the ministry, of a prefecture or of the observers, with a session.

use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::service::account::{self, NewAccount};
use eapd::service::operator;

use super::desk::{PASSWORD, Signed};
use crate::support::TestApp;
use crate::support::people;

/// A session of a role, as sign-in leaves it; one account a role.
pub async fn staff(test: &TestApp, role: AccountRole) -> Signed<'_> {
    let person = enlist(test, role.clone()).await;
    session(test, &person, &role).await
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

/// A session of a person of a role, that begins now.
pub async fn session<'t>(test: &'t TestApp, person: &str, role: &AccountRole) -> Signed<'t> {
    let secret = format!("SESSION0{}", test.app.random.identifier());
    people::session(test, person, role, (&test.app.random.identifier(), &secret)).await;
    Signed::with(test, &format!("__Host-eapd-session={secret}"))
}
