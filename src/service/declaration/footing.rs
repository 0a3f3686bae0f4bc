//! In whose name an agent prepares and files (rule 16): the collectivity's, or one's own until the attachment is answered.

use crate::domain::attachment::State;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::{Result, ServiceError};
use crate::store::draft::Key;
use crate::store::{self, Tx};

/// On what an agent stands before a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Footing {
    /// The agent acts for the collectivity, or for one that follows it.
    Attached,
    /// The agent asked to, and awaits the answer: what they file is sous réserve, and they see nothing but what
    /// they prepare and filed under this request.
    Awaiting {
        /// Random id of the attachment.
        attachment: String,
    },
}

impl Footing {
    /// The attachment that is awaited, if one is.
    #[must_use]
    pub fn awaited(&self) -> Option<&str> {
        match self {
            Self::Attached => None,
            Self::Awaiting { attachment } => Some(attachment),
        }
    }

    /// Whose draft the agent works on.
    pub(crate) fn key<'a>(&self, actor: &'a Actor, (siren, year): (Siren, FlowYear)) -> Key<'a> {
        Key { siren, year, author: self.awaited().map(|_awaited| actor.person.as_str()) }
    }
}

/// Agents file for their collectivity, and for those that it follows (rule 9).
pub(crate) async fn require_agent(
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<()> {
    if is_agent(tx, actor, siren).await? { Ok(()) } else { Err(forbidden(siren, year)) }
}

/// The same, and whoever awaits the answer to their own request for this very collectivity.
pub(crate) async fn require_footing(
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<Footing> {
    if is_agent(tx, actor, siren).await? {
        return Ok(Footing::Attached);
    }
    if !matches!(actor.role, Role::Declarant(_)) {
        return Err(forbidden(siren, year));
    }
    // Asked of the database and not of the session: the answer may just have come.
    match store::attachment::open(tx, &actor.person, siren).await? {
        Some(open) if open.state() == State::Attached => Ok(Footing::Attached),
        Some(open) => Ok(Footing::Awaiting { attachment: open.id }),
        None => Err(forbidden(siren, year)),
    }
}

async fn is_agent(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<bool> {
    if actor.role.files_for(siren) {
        return Ok(true);
    }
    match &actor.role {
        Role::Declarant(sirens) => Ok(store::facts::descends_from(tx, sirens, siren).await?),
        _ => Ok(false),
    }
}

fn forbidden(siren: Siren, year: FlowYear) -> ServiceError {
    let message = format!(
        "vous n’êtes pas agent de la collectivité {siren}\u{a0}: vous ne pouvez pas déclarer {year} pour elle"
    );
    ServiceError::refused(Because::Forbidden, message)
}
