//! The contacts of a collectivity: imported, kept by its agents, confirmed at each campaign, never public.
//!
//! Its attached agents keep them; the ministry and the prefecture of its region read them; nobody else does. Each
//! receives reminders. A code that attaches an agent goes to imported ones alone ([`Origin`]).
//!
//! [`Origin`]: crate::domain::contact::Origin

mod import;
mod keep;
mod read;

pub use import::{Recorded, import};
pub use keep::{Told, add, confirm, correct, forget, remove};
pub use read::{View, followed, of_siren, sees, standing};

pub use crate::store::contact::Contact;

use crate::domain::campaign::CampaignState;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

/// Refuses whoever is not attached to the collectivity, asked of the database and not of the session: who awaits the
/// answer keeps no contacts, who was detached meanwhile keeps them no more.
async fn require_keeper(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<()> {
    if keeps(tx, actor, siren).await? {
        return Ok(());
    }
    let message = "seuls les agents rattachés à une collectivité tiennent la liste de ses contacts";
    Err(ServiceError::refused(Because::Forbidden, message))
}

async fn keeps(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<bool> {
    if !matches!(actor.role, Role::Declarant(_)) {
        return Ok(false);
    }
    Ok(store::attachment::attached_persons(tx, siren).await?.contains(&actor.person))
}

/// The campaign whose window is open, the last one of several.
async fn open_campaign(tx: &mut Tx<'_>, now: Instant) -> Result<Option<CampaignYear>> {
    let campaigns = store::campaign::all(tx).await?;
    let open = campaigns.into_iter().rfind(|campaign| campaign.state(now) == CampaignState::Open);
    Ok(open.map(|campaign| campaign.year))
}

fn unknown() -> ServiceError {
    let message = "ce contact n’est plus dans la liste\u{a0}: un collègue l’a peut-être retiré ou remplacé";
    ServiceError::refused(Because::UnknownContact, message)
}
