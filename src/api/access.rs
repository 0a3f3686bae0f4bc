//! Who may call a route: said once per route in `routes`, used by the guard and by the document.

use crate::domain::role::{Actor, Role};
use crate::domain::token::{RoleName, Scope, Token};

use super::problem::{ApiError, Fault};

/// What a route asks of its caller. What the caller may see behind it depends
/// on the object: use cases decide that (rule 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone. A token, where given, must serve; it may widen the answer.
    Public,
    /// A token with one of these scopes, held by one of these roles.
    Token {
        /// One of them is needed.
        scopes: &'static [Scope],
        /// One of them is needed.
        roles: &'static [RoleName],
    },
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No token was given.
    Anyone,
    /// The holder of a token.
    Known {
        /// Id of the token.
        token: String,
        /// Its scopes.
        scopes: Vec<Scope>,
        /// Who acts.
        actor: Actor,
    },
}

impl Access {
    /// Lets a caller in, or says why not.
    pub(super) fn admit(self, token: Option<Token>) -> Result<Caller, ApiError> {
        let Self::Token { scopes, roles } = self else { return Ok(Caller::from(token)) };
        let token = token.ok_or_else(|| {
            ApiError::new(Fault::TokenNeeded, "envoyez un jeton\u{a0}: Authorization: Bearer eapd_…")
        })?;
        let role_fits = RoleName::of(&token.role).is_some_and(|role| roles.contains(&role));
        if !role_fits {
            let detail = format!("cette adresse n’est pas ouverte au rôle {}", token.role.code());
            return Err(ApiError::new(Fault::RoleRefused, detail));
        }
        if !scopes.iter().any(|scope| token.scopes.contains(scope)) {
            let codes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
            let detail = format!("il faut un jeton de portée {}", codes.join(" ou "));
            return Err(ApiError::new(Fault::ScopeMissing, detail));
        }
        Ok(Caller::from(Some(token)))
    }
}

impl Caller {
    /// The actor whose token has a scope: for what a public route shows to some.
    #[must_use]
    pub fn with_scope(&self, scope: Scope) -> Option<&Actor> {
        match self {
            Self::Known { scopes, actor, .. } if scopes.contains(&scope) => Some(actor),
            _ => None,
        }
    }

    /// The actor behind a route that asks for a token.
    pub(super) fn actor(&self) -> Result<&Actor, ApiError> {
        match self {
            Self::Known { actor, .. } => Ok(actor),
            Self::Anyone => Err(ApiError::new(Fault::TokenNeeded, "envoyez un jeton")),
        }
    }

    /// Under whose name idempotency keys are kept: they never meet across tokens.
    pub(super) fn key_scope(&self) -> String {
        match self {
            Self::Known { token, .. } => format!("token:{token}"),
            Self::Anyone => String::new(),
        }
    }

    /// The role, for the logs.
    pub(super) fn role(&self) -> &'static str {
        match self {
            Self::Known { actor: Actor { role, .. }, .. } => Role::code(role),
            Self::Anyone => "anonyme",
        }
    }
}

impl From<Option<Token>> for Caller {
    fn from(token: Option<Token>) -> Self {
        match token {
            None => Self::Anyone,
            Some(Token { id, person, role, scopes, .. }) => {
                Self::Known { token: id, scopes, actor: Actor { person, role } }
            }
        }
    }
}
