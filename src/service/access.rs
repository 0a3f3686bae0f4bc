//! Who reads what was filed for a body, before it is public (rule 10, deny by default).

use std::collections::HashSet;

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

/// Refuses whoever does not examine applications: instructors and managers do.
pub(crate) fn require_ministry(actor: &Actor) -> Result<()> {
    if actor.role.reads_everything() {
        return Ok(());
    }
    let message = "l’instruction des appels à projets revient au ministère";
    Err(ServiceError::refused(Because::Forbidden, message))
}

/// Refuses whoever neither examines applications nor follows a region.
pub fn require_eligibility_staff(actor: &Actor) -> Result<()> {
    if actor.role.follows().is_some() {
        return Ok(());
    }
    let message = "ces pages sont celles du ministère et des préfectures de région";
    Err(ServiceError::refused(Because::Forbidden, message))
}

/// Which of these bodies the actor may ask about, all at once: all of them for the ministry, those of its region,
/// associated ones too, for a SGAR, else none.
pub(crate) async fn eligibility_readable(
    app: &App,
    actor: &Actor,
    sirens: &[Siren],
) -> Result<HashSet<Siren>> {
    let Role::Sgar(region) = &actor.role else {
        let all = actor.role.reads_everything().then(|| sirens.iter().copied());
        return Ok(all.into_iter().flatten().collect());
    };
    let (followed, year) = (regions_read_by(&app.codes, region), this_year(app)?);
    let mut tx = app.db.snapshot().await?;
    let held = store::register::find_all(&mut tx, sirens, year).await?;
    let associated = store::register::associated_of_year(&mut tx, year).await?;
    let attached =
        held.into_iter().filter(|(_, body)| followed.contains(&body.region)).map(|(siren, _)| siren);
    let associated =
        associated.into_iter().filter(|(_, region)| followed.contains(region)).map(|(siren, _)| siren);
    Ok(attached.chain(associated).collect())
}

/// Refuses whoever may not ask about the eligibility of this body today.
pub async fn require_eligibility_reader(app: &App, actor: &Actor, siren: Siren) -> Result<()> {
    if actor.role.reads_everything() {
        return Ok(());
    }
    let mut tx = app.db.snapshot().await?;
    require_reader(app, &mut tx, actor, siren, this_year(app)?).await
}
