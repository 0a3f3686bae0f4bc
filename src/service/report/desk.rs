//! The reports as the ministry and the observers find them: by year, with their editions (rule 12).

use std::fs::File;

use crate::app::App;
use crate::domain::campaign::Campaign;
use crate::domain::refusal::Because;
use crate::domain::release::Release;
use crate::domain::release_order::ReleaseOrder;
use crate::domain::role::{Actor, Role};
use crate::domain::year::FlowYear;
use crate::service::report::{Audience, Produced, Request, produce};
use crate::service::{Result, ServiceError};
use crate::store;

/// What an actor finds of a flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The flow years of campaigns, the last one first.
    pub years: Vec<FlowYear>,
    /// Whether the campaign of the year that was asked for is settled.
    pub is_settled: bool,
    /// Whether the actor may produce and release, or reads released editions only.
    pub manages: bool,
    /// The stored files of the year.
    pub editions: Vec<Release>,
    /// The releases of the year that are on their way, for who manages.
    pub waiting: Vec<ReleaseOrder>,
}

/// What there is of a flow year, or of the last one of which there is something.
///
/// # Errors
/// Refuses who neither manages nor observes.
pub async fn desk(app: &App, actor: &Actor, asked: Option<FlowYear>) -> Result<(Option<FlowYear>, Desk)> {
    require_reader(actor)?;
    let manages = actor.role.manages();
    let mut tx = app.db.snapshot().await?;
    let mut campaigns: Vec<Campaign> = store::campaign::all(&mut tx).await?;
    let mut editions = store::report::all(&mut tx).await?;
    campaigns.retain(|campaign| campaign.cancelled_at.is_none());
    campaigns.reverse();
    // Who only observes knows of the years that have an edition.
    campaigns.retain(|campaign| {
        manages || editions.iter().any(|edition| edition.flow_year == campaign.year.flow_year())
    });
    let years: Vec<FlowYear> = campaigns.iter().map(|campaign| campaign.year.flow_year()).collect();
    let year = asked.filter(|asked| years.contains(asked)).or_else(|| years.first().copied());
    editions.retain(|edition| Some(edition.flow_year) == year);
    let of_year = campaigns.iter().find(|campaign| Some(campaign.year.flow_year()) == year);
    let is_settled = of_year.is_some_and(|campaign| campaign.settled_at.is_some());
    let waiting = match year.filter(|_year| manages) {
        Some(year) => store::release_order::waiting(&mut tx, year).await?,
        None => vec![],
    };
    Ok((year, Desk { years, is_settled, manages, editions, waiting }))
}

/// Writes a report into `out`: what there is now for who manages, a stored edition for who observes too.
///
/// # Errors
/// Refuses who may not have it; else as [`produce`].
pub async fn download(app: &App, actor: &Actor, request: &Request, out: &File) -> Result<Produced> {
    require_reader(actor)?;
    if !actor.role.manages() && request.edition.is_none() {
        let message = "seules les éditions publiées vous sont ouvertes";
        return Err(ServiceError::refused(Because::Forbidden, message));
    }
    let request = Request { audience: Audience::Administration, ..request.clone() };
    produce(app, &request, out, &|_at, _of| {}).await
}

pub(super) fn require_reader(actor: &Actor) -> Result<()> {
    if actor.role.manages() || actor.role == Role::Observer {
        return Ok(());
    }
    let message = "les rapports sont ceux du ministère et des administrations qui les reçoivent";
    Err(ServiceError::refused(Because::Forbidden, message))
}
