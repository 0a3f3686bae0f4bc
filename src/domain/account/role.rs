//! The role of an account, before it is known on which collectivities it acts.

use crate::domain::role::Role;
use crate::domain::siren::Siren;

/// What an account is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRole {
    /// Agent of collectivities, by attachment.
    Declarant,
    /// Prefecture of a region.
    Sgar(String),
    /// Ministry, calls for projects.
    Instructor,
    /// Ministry, campaigns.
    Manager,
    /// DG Trésor, OECD desk.
    Observer,
    /// Accounts and tokens.
    Administrator,
}

impl AccountRole {
    /// The role of a person who acts, attached to these collectivities.
    #[must_use]
    pub fn acting_for(&self, attached: Vec<Siren>) -> Role {
        match self {
            Self::Declarant => Role::Declarant(attached),
            Self::Sgar(region) => Role::Sgar(region.clone()),
            Self::Instructor => Role::Instructor,
            Self::Manager => Role::Manager,
            Self::Observer => Role::Observer,
            Self::Administrator => Role::Administrator,
        }
    }

    /// Fewest characters of a password: longer for whoever sees or decides more.
    #[must_use]
    pub const fn shortest_password(&self) -> usize {
        match self {
            Self::Declarant => 12,
            _ => 16,
        }
    }
}
