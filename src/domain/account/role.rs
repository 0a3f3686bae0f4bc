//! The role of an account, before it is known on which collectivities it acts.

use crate::domain::role::Role;
use crate::domain::siren::Siren;
use crate::domain::token::RoleName;

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
    /// The role of a name, with the region of a SGAR; nothing where the one misses or is too much.
    #[must_use]
    pub fn of(name: RoleName, region: Option<String>) -> Option<Self> {
        match (name, region) {
            (RoleName::Sgar, Some(region)) => Some(Self::Sgar(region)),
            (RoleName::Declarant, None) => Some(Self::Declarant),
            (RoleName::Instructor, None) => Some(Self::Instructor),
            (RoleName::Manager, None) => Some(Self::Manager),
            (RoleName::Observer, None) => Some(Self::Observer),
            (RoleName::Administrator, None) => Some(Self::Administrator),
            (RoleName::Sgar, None) | (_, Some(_)) => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> RoleName {
        match self {
            Self::Declarant => RoleName::Declarant,
            Self::Sgar(_) => RoleName::Sgar,
            Self::Instructor => RoleName::Instructor,
            Self::Manager => RoleName::Manager,
            Self::Observer => RoleName::Observer,
            Self::Administrator => RoleName::Administrator,
        }
    }

    /// The region that it follows.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Sgar(region) => Some(region),
            _ => None,
        }
    }

    /// Whether it sees or decides more than a declarant: it is given by invitation and needs a second factor.
    #[must_use]
    pub const fn is_privileged(&self) -> bool {
        !matches!(self, Self::Declarant)
    }

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
