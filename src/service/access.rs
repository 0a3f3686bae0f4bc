//! Who reads what was filed for a body, before it is public (rule 10, deny by default).

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::register::regions_read_by;
use crate::service::{Result, ServiceError, this_year};
use crate::store::{self, Tx};

/// Whether the actor reads everything filed for this body and year: the
/// ministry; its agents, and those of a body that follows it (rule 9); the SGAR
/// of its region, or of one that it is associated to.
pub(crate) async fn reads(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<bool> {
    match &actor.role {
        role if role.reads_everything() => Ok(true),
        Role::Declarant(sirens) => {
            Ok(sirens.contains(&siren) || store::facts::descends_from(tx, sirens, siren).await?)
        }
        Role::Sgar(region) => {
            let Some(body) = store::register::find(tx, siren, year).await? else { return Ok(false) };
            let associated = store::register::associated_regions(tx, siren, year).await?;
            let followed = regions_read_by(&app.codes, region);
            Ok(associated.iter().chain([&body.region]).any(|region| followed.contains(region)))
        }
        _ => Ok(false),
    }
}

/// Refuses whoever may not read about this body.
pub(crate) async fn require_reader(
    app: &App,
    tx: &mut Tx<'_>,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<()> {
    if reads(app, tx, actor, siren, year).await? {
        return Ok(());
    }
    let message = format!("vous n’avez pas accès à la collectivité {siren}");
    Err(ServiceError::refused(Because::Forbidden, message))
}

/// Refuses whoever may not ask about the eligibility of this body today.
pub async fn require_eligibility_reader(app: &App, actor: &Actor, siren: Siren) -> Result<()> {
    if actor.role.reads_everything() {
        return Ok(());
    }
    let mut tx = app.db.snapshot().await?;
    require_reader(app, &mut tx, actor, siren, this_year(app)?).await
}
