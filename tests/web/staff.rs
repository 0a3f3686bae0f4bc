//! Someone of the ministry, of a prefecture or of the observers, with a session.

use eapd::domain::account::{AccountRole, Email, Identity};
use eapd::service::account::{self, NewAccount};
use eapd::service::operator;

use super::desk::{PASSWORD, Signed};
use crate::support::TestApp;
use crate::support::people::session;

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
    let secret = format!("SESSION0{}", name.to_uppercase());
    session(test, &person, &new.role, (&format!("S-{name}"), &secret)).await;
    Signed::with(test, &format!("__Host-eapd-session={secret}"))
}
