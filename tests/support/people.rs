//! Who acts in a test: fictitious persons, by random id (rule 14).

use eapd::domain::role::{Actor, Role};
use eapd::domain::siren::Siren;
use eapd::service::declaration::Signatory;

/// A manager of the ministry.
pub fn manager() -> Actor {
    Actor { person: "GESTIONNAIRE".to_owned(), role: Role::Manager }
}

/// An agent of one collectivity.
pub fn agent(siren: Siren) -> Actor {
    Actor { person: "AGENT".to_owned(), role: Role::Declarant(vec![siren]) }
}

/// Who signs.
pub fn signatory() -> Signatory {
    Signatory { name: "Signataire fictif".to_owned(), function: "maire".to_owned() }
}
