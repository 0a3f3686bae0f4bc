//! Who acts in a test: fictitious persons, by random id (rule 14).

use eapd::domain::account::{AccountRole, Identity};
use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::service::account::{self, NewAccount};
use eapd::service::declaration::Signatory;
use eapd::service::{attachment, operator};

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

/// Who signs.
pub fn signatory() -> Signatory {
    Signatory { name: "Signataire fictif".to_owned(), function: "maire".to_owned() }
}
