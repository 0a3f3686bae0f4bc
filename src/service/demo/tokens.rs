//! Tokens to try the API of a demonstration with: fresh secrets each time, one a role.

use crate::app::App;
use crate::config::Profile;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::token::{RoleName, Scope};
use crate::service::demo::DemoError;
use crate::service::token::{self, Made, NewToken};

/// Under which the tokens of a demonstration are held.
const HOLDER: &str = "démonstration";
/// The collectivity of the demonstration's agent: Rennes.
const AGENT_OF: &str = "213502388";
/// The region of the demonstration's prefecture: Bretagne.
const REGION: &str = "53";
const DAYS: u16 = 30;

/// Makes a token for each role, with every scope the role has a use for, and
/// revokes those of an earlier start.
pub async fn renew(app: &App, actor: &Actor) -> Result<Vec<Made>, DemoError> {
    if app.config.profile != Profile::Demo {
        return Err(DemoError::NotDemo);
    }
    let now = app.now();
    for listed in token::list(app, actor).await? {
        if listed.holder.as_deref() == Some(HOLDER) && listed.token.serves(now) {
            token::revoke(app, actor, &listed.token.id).await?;
        }
    }
    let agent_of: Vec<Siren> = AGENT_OF.parse().into_iter().collect();
    let roles = [
        Role::Declarant(agent_of),
        Role::Sgar(REGION.to_owned()),
        Role::Instructor,
        Role::Manager,
        Role::Observer,
        Role::Administrator,
    ];
    let mut made = Vec::with_capacity(roles.len());
    for role in roles {
        let useful = |scope: &Scope| RoleName::of(&role).is_some_and(|name| scope.roles().contains(&name));
        let scopes = Scope::ALL.into_iter().filter(useful).collect();
        let new = NewToken { holder: HOLDER.to_owned(), role, scopes, days: DAYS };
        made.push(token::create(app, actor, &new).await?);
    }
    Ok(made)
}
