//! Who acts, and what a role may do (rule 10, deny by default).

use crate::domain::scope::Scope;
use crate::domain::siren::Siren;

/// What a person may act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Agent of collectivities: reads and files for them alone.
    Declarant(Vec<Siren>),
    /// Prefecture of a region: follows it.
    Sgar(String),
    /// Ministry, calls for projects: checks eligibility.
    Instructor,
    /// Ministry: campaigns, derogations, register, reports.
    Manager,
    /// DG Trésor, OECD desk: downloads reports.
    Observer,
    /// Accounts, tokens, journal; no power over amounts.
    Administrator,
    /// Whoever runs the program on its machine.
    Operator,
}

/// A person who acts, by random id (rule 14), with a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Random id of the person.
    pub person: String,
    /// What they may do.
    pub role: Role,
}

impl Role {
    /// The stable word of the role.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Declarant(_) => "declarant",
            Self::Sgar(_) => "sgar",
            Self::Instructor => "instructeur",
            Self::Manager => "gestionnaire",
            Self::Observer => "observateur",
            Self::Administrator => "administrateur",
            Self::Operator => "exploitant",
        }
    }

    /// Whether the role decides about campaigns and may version a declaration.
    #[must_use]
    pub const fn manages(&self) -> bool {
        matches!(self, Self::Manager | Self::Operator)
    }

    /// Whether the role reads everything that was filed, before publication too.
    #[must_use]
    pub const fn reads_everything(&self) -> bool {
        matches!(self, Self::Manager | Self::Operator | Self::Instructor)
    }

    /// The territory whose declarations the role follows, if it follows any.
    #[must_use]
    pub fn follows(&self) -> Option<Scope> {
        match self {
            Self::Sgar(region) => Some(Scope::Region(region.clone())),
            Self::Manager | Self::Instructor | Self::Operator => Some(Scope::National),
            Self::Declarant(_) | Self::Observer | Self::Administrator => None,
        }
    }

    /// Whether the role files for this collectivity.
    #[must_use]
    pub fn files_for(&self, siren: Siren) -> bool {
        match self {
            Self::Declarant(sirens) => sirens.contains(&siren),
            Self::Operator => true,
            _ => false,
        }
    }
}
