//! Who acts in a test: fictitious persons, by random id (rule 14).

use eapd::domain::account::{AccountRole, Identity, Key, Secret};
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::service::account::{self, NewAccount};
use eapd::service::declaration::Signatory;
use eapd::service::{attachment, operator};
use eapd::store;
use eapd::store::session::Session;

use super::TestApp;

/// A manager of the ministry.
pub fn manager() -> Actor {
    Actor { person: "GESTIONNAIRE".to_owned(), role: Role::Manager }
}

/// An agent of one collectivity.
pub fn agent(siren: Siren) -> Actor {
    Actor { person: "AGENT".to_owned(), role: Role::Declarant(vec![siren]) }
}

/// What accounts of the tests are signed in with.
pub const PASSWORD: &str = "girafe velours octet jambon";

/// An agent with an account who acts for nobody yet.
pub async fn stranger(test: &TestApp, address: &str) -> Actor {
    let app = &test.app;
    let operator = operator::identify(app, "essai").await.unwrap();
    let new = NewAccount {
        email: address.parse().unwrap(),
        identity: Identity::new("Agent Inventé", "secrétaire de mairie").unwrap(),
        role: AccountRole::Declarant,
    };
    let person = account::create(app, &operator, &new, PASSWORD).await.unwrap();
    Actor { person, role: Role::Declarant(vec![]) }
}

/// An agent who asked to act for a body and awaits the answer, and the id of the request.
pub async fn newcomer(test: &TestApp, address: &str, siren: Siren) -> (Actor, String) {
    let actor = stranger(test, address).await;
    let asked = attachment::ask(&test.app, &actor, siren, None).await.unwrap();
    (actor, asked)
}

/// The key that the applications of all share who have a second factor in a test.
pub fn key() -> Key {
    Key::new([7; 20])
}

/// Sets an application up for an account, as its first code does, a while ago.
pub async fn enrolled(test: &TestApp, person: &str) {
    let mut tx = test.app.db.begin().await.unwrap();
    store::second_factor::prepare(&mut tx, person, &key()).await.unwrap();
    assert!(store::second_factor::confirm(&mut tx, person, &key(), 0, test.app.now()).await.unwrap());
    tx.commit().await.unwrap();
}

/// Opens a session of an account as sign-in leaves it, with a second factor where its role needs one.
pub async fn session(test: &TestApp, person: &str, role: &AccountRole, (id, secret): (&str, &str)) {
    if role.is_privileged() {
        enrolled(test, person).await;
    }
    let app = &test.app;
    let session = Session {
        id: id.to_owned(),
        person: person.to_owned(),
        browser: "Navigateur fictif".to_owned(),
        created_at: app.now(),
        seen_at: app.now(),
        ended_at: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    store::session::insert(&mut tx, &session, &Secret::new(secret).sha256().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Who signs.
pub fn signatory() -> Signatory {
    Signatory { name: "Signataire fictif".to_owned(), function: "maire".to_owned() }
}
