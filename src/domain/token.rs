//! Tokens of the API: what a program may do in the name of a person (rule 10).
//!
//! A token has a role, which says on what, and scopes, which say what for. It
//! never gives more than its role: a scope that the role has no use for is refused.

use std::fmt;
use std::str::FromStr;

use crate::domain::instant::Instant;
use crate::domain::role::Role;

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Save a draft and file it.
    File,
    /// Read declarations before they are published, every version.
    Read,
    /// Ask about eligibility.
    Eligibility,
    /// Download reports.
    Reports,
    /// Follow a region: its summary.
    Follow,
    /// Accounts and tokens.
    Administer,
}

/// The role of a person who may hold a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleName {
    /// Agent of collectivities.
    Declarant,
    /// Prefecture of a region.
    Sgar,
    /// Ministry, calls for projects.
    Instructor,
    /// Ministry, campaigns and reports.
    Manager,
    /// DG Trésor, OECD desk.
    Observer,
    /// Accounts, tokens, journal.
    Administrator,
}

/// A text that names no scope, or no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{text}\u{a0}» n’est pas {what}\u{a0}: {allowed}")]
pub struct NameError {
    text: String,
    what: &'static str,
    allowed: String,
}

/// A token as kept: its secret is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Random id, under which it is listed, revoked and journalled.
    pub id: String,
    /// Random id of the person who holds it (rule 14).
    pub person: String,
    /// On what it may act.
    pub role: Role,
    /// What it may be used for, each once, in order.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Instant,
    /// It serves no more from then on.
    pub expires_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

impl Token {
    /// Whether it serves at `at`.
    #[must_use]
    pub fn serves(&self, at: Instant) -> bool {
        at < self.expires_at && self.revoked_at.is_none_or(|revoked| at < revoked)
    }
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::File, Self::Read, Self::Eligibility, Self::Reports, Self::Follow, Self::Administer];

    /// The word of the command line and of the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "declarer",
            Self::Read => "lire",
            Self::Eligibility => "eligibilite",
            Self::Reports => "rapports",
            Self::Follow => "suivre",
            Self::Administer => "administrer",
        }
    }

    /// What it allows, in French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::File => "enregistrer un brouillon et déposer une déclaration",
            Self::Read => "lire les déclarations, toutes leurs versions, avant leur publication",
            Self::Eligibility => "vérifier l’éligibilité aux appels à projets",
            Self::Reports => "télécharger les rapports",
            Self::Follow => "lire la synthèse d’une région",
            Self::Administer => "gérer les comptes et les jetons",
        }
    }

    /// The roles that have a use for it: the administrator has no power over amounts.
    #[must_use]
    pub const fn roles(self) -> &'static [RoleName] {
        use RoleName::{Administrator, Declarant, Instructor, Manager, Observer, Sgar};
        match self {
            Self::File => &[Declarant],
            Self::Read | Self::Eligibility => &[Declarant, Sgar, Instructor, Manager],
            Self::Reports => &[Sgar, Manager, Observer],
            Self::Follow => &[Sgar, Manager],
            Self::Administer => &[Administrator],
        }
    }
}

impl RoleName {
    /// Every role that may hold a token.
    pub const ALL: [Self; 6] =
        [Self::Declarant, Self::Sgar, Self::Instructor, Self::Manager, Self::Observer, Self::Administrator];

    /// The name of a role; none for whoever runs the program, who needs no token.
    #[must_use]
    pub const fn of(role: &Role) -> Option<Self> {
        match role {
            Role::Declarant(_) => Some(Self::Declarant),
            Role::Sgar(_) => Some(Self::Sgar),
            Role::Instructor => Some(Self::Instructor),
            Role::Manager => Some(Self::Manager),
            Role::Observer => Some(Self::Observer),
            Role::Administrator => Some(Self::Administrator),
            Role::Operator => None,
        }
    }

    /// The stable word, as [`Role::code`] gives it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declarant => "declarant",
            Self::Sgar => "sgar",
            Self::Instructor => "instructeur",
            Self::Manager => "gestionnaire",
            Self::Observer => "observateur",
            Self::Administrator => "administrateur",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Declarant => "agent d’une collectivité",
            Self::Sgar => "préfecture de région (SGAR)",
            Self::Instructor => "instructeur des appels à projets",
            Self::Manager => "gestionnaire des campagnes",
            Self::Observer => "observateur",
            Self::Administrator => "administrateur",
        }
    }
}

macro_rules! named {
    ($name:ident, $what:literal) => {
        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::ALL.into_iter().find(|known| known.code() == text.trim()).ok_or_else(|| NameError {
                    text: crate::domain::text::excerpt(text.trim(), 30),
                    what: $what,
                    allowed: Self::ALL.map(Self::code).join(", "),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
named!(Scope, "une portée");
named!(RoleName, "un rôle");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_administrator_has_no_scope_over_amounts() {
        let of_administrator: Vec<Scope> =
            Scope::ALL.into_iter().filter(|scope| scope.roles().contains(&RoleName::Administrator)).collect();
        assert_eq!(of_administrator, [Scope::Administer]);
    }

    #[test]
    fn serves_until_the_second_it_expires_or_is_revoked() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let mut token = Token {
            id: "T".to_owned(),
            person: "P".to_owned(),
            role: Role::Observer,
            scopes: vec![Scope::Reports],
            created_at: at("2014-04-15T08:00:00Z"),
            expires_at: at("2014-07-14T08:00:00Z"),
            revoked_at: None,
        };
        assert!(token.serves(at("2014-07-14T07:59:59Z")));
        assert!(!token.serves(at("2014-07-14T08:00:00Z")));
        token.revoked_at = Some(at("2014-05-01T00:00:00Z"));
        assert!(!token.serves(at("2014-05-01T00:00:00Z")));
    }

    #[test]
    fn names_are_those_of_the_roles() {
        assert_eq!("sgar".parse(), Ok(RoleName::Sgar));
        assert_eq!(
            RoleName::of(&Role::Sgar("11".to_owned())).unwrap().code(),
            Role::Sgar("11".to_owned()).code()
        );
        assert!("tout".parse::<Scope>().unwrap_err().to_string().contains("declarer, lire"));
    }
}
