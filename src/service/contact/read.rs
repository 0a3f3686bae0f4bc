//! Who sees the contacts of a collectivity: its agents, the ministry, the prefecture of its region.

use std::collections::BTreeMap;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::contact::{Contact, keeps, open_campaign, require_keeper};
use crate::service::register::regions_read_by;
use crate::service::{Result, ServiceError, refusals, registered, this_year};
use crate::store::{self, Tx};

/// The contacts of a collectivity, beside the campaign for which they are to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Name of the collectivity.
    pub name: String,
    /// The contacts, by address.
    pub contacts: Vec<Contact>,
    /// The campaign that is open, if one is.
    pub campaign: Option<CampaignYear>,
    /// The names of those who confirmed, by id, but for those erased.
    pub persons: BTreeMap<String, String>,
}

impl View {
    /// Whether the open campaign waits for the contacts to be confirmed: one of them is not, or there is none.
    #[must_use]
    pub fn waits(&self) -> bool {
        let Some(campaign) = self.campaign else { return false };
        let confirmed_for = |contact: &Contact| contact.confirmed.as_ref()?.campaign;
        self.contacts.is_empty()
            || self.contacts.iter().any(|contact| confirmed_for(contact) != Some(campaign))
    }
}

/// The contacts of a collectivity, for its agents.
pub async fn of_siren(app: &App, actor: &Actor, siren: Siren) -> Result<View> {
    let mut tx = app.db.snapshot().await?;
    if let Err(refused) = require_keeper(&mut tx, actor, siren).await {
        drop(tx);
        return refusals::told(app, actor, "contact.read", siren, Err(refused)).await;
    }
    view(&mut tx, app, siren).await
}

/// The same, or nothing for who does not keep them.
pub async fn standing(app: &App, actor: &Actor, siren: Siren) -> Result<Option<View>> {
    let mut tx = app.db.snapshot().await?;
    if keeps(&mut tx, actor, siren).await? { view(&mut tx, app, siren).await.map(Some) } else { Ok(None) }
}

/// Whether the role sees contacts of collectivities that it follows.
#[must_use]
pub const fn sees(actor: &Actor) -> bool {
    matches!(actor.role, Role::Manager | Role::Operator | Role::Sgar(_))
}

/// The contacts of a collectivity, for the ministry and for the prefecture of its region.
pub async fn followed(app: &App, actor: &Actor, siren: Siren) -> Result<View> {
    let mut tx = app.db.snapshot().await?;
    let follows = match &actor.role {
        Role::Manager | Role::Operator => true,
        Role::Sgar(region) => {
            let body = store::register::find(&mut tx, siren, this_year(app)?).await?;
            body.is_some_and(|body| regions_read_by(&app.codes, region).contains(&body.region))
        }
        _ => false,
    };
    if !follows {
        drop(tx);
        let message =
            "les contacts d’une collectivité se lisent au ministère et à la préfecture de sa région";
        let refused = Err(ServiceError::refused(Because::Forbidden, message));
        return refusals::told(app, actor, "contact.read", siren, refused).await;
    }
    view(&mut tx, app, siren).await
}

async fn view(tx: &mut Tx<'_>, app: &App, siren: Siren) -> Result<View> {
    let name = registered(tx, siren).await?.name;
    let contacts = store::contact::of_siren(tx, siren).await?;
    let mut persons = BTreeMap::new();
    for confirmed in contacts.iter().filter_map(|contact| contact.confirmed.as_ref()) {
        if !persons.contains_key(&confirmed.by)
            && let Some((Some(name), _function)) = store::person::find(tx, &confirmed.by).await?
        {
            persons.insert(confirmed.by.clone(), name);
        }
    }
    Ok(View { name, contacts, campaign: open_campaign(tx, app.now()).await?, persons })
}
