//! The summary of a region or of the nation (rule 10): read by its SGAR and by the ministry.

pub mod bodies;
pub mod document;
mod workbook;
mod year;

pub(super) use workbook::report;
pub use workbook::write as workbook;

use std::sync::Arc;

use crate::app::App;
use crate::domain::campaign::Campaign;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::scope::{Scope, region_name};
use crate::domain::summary::{Associated, Part, Project, Standing, Summary, Year};
use crate::domain::year::FlowYear;
use crate::service::register::regions_read_by;
use crate::service::{Result, ServiceError, require_follower};
use crate::store::{self, Tx};

/// The word of addresses for the whole country.
pub const NATIONAL: &str = "nationale";

/// The territory of a word of an address, if the actor follows it.
///
/// # Errors
/// Refuses other regions to a SGAR, everything to who follows nothing, and what is no region.
pub fn scope(app: &App, actor: &Actor, word: &str) -> Result<Scope> {
    let own = require_follower(actor)?;
    if let Scope::Region(region) = &own
        && !regions_read_by(&app.codes, region).iter().any(|read| read == word)
    {
        return Err(ServiceError::refused(Because::Forbidden, "vous ne suivez pas cette région"));
    }
    match word {
        NATIONAL => Ok(Scope::National),
        region if app.codes.regions().latest(region).is_some() => Ok(Scope::Region(region.to_owned())),
        other => {
            let shown = crate::domain::text::excerpt(other, 20);
            let message = format!("il n’y a pas de région «\u{a0}{shown}\u{a0}»");
            Err(ServiceError::refused(Because::UnknownReport, message))
        }
    }
}

/// What an actor may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Flow years, the last one first.
    pub years: Vec<FlowYear>,
    /// Words of addresses with their French names: the nation, present regions, then those of before.
    pub territories: Vec<(String, String)>,
}

/// The years and the territories that an actor may ask for.
pub async fn offered(app: &App, actor: &Actor) -> Result<Offered> {
    let own = require_follower(actor)?;
    let mut tx = app.db.read().await?;
    let years = store::summary::years(&mut tx).await?;
    tx.done();
    let mut territories: Vec<(bool, String, String)> = app
        .codes
        .regions()
        .iter()
        .map(|row| (row.years.last.is_some(), region_name(&row.code, &app.codes), row.code.to_string()))
        .collect();
    territories.sort();
    let mut territories: Vec<(String, String)> = territories
        .into_iter()
        .map(|(is_former, name, code)| (code, if is_former { format!("{name} (avant 2016)") } else { name }))
        .collect();
    match &own {
        Scope::National => territories.insert(0, (NATIONAL.to_owned(), "France entière".to_owned())),
        Scope::Region(region) => {
            let read = regions_read_by(&app.codes, region);
            territories.retain(|(code, _)| read.contains(code));
        }
    }
    Ok(Offered { years, territories })
}

/// Reads what is new of every year, so that whoever asks next finds it at hand.
pub async fn refresh(app: &App) -> Result<()> {
    let years = store::summary::years(&mut app.db.snapshot().await?).await?;
    for year in years {
        // Each in a snapshot of its own: nothing is held for long.
        known(app, &mut app.db.snapshot().await?, year).await?;
    }
    Ok(())
}

/// A year that is known, with how final it is.
struct Read {
    year: Arc<Year>,
    standing: Standing,
    data_at: Instant,
}

/// The summary of a territory that the actor follows.
///
/// # Errors
/// As [`scope`]; and where nothing is known of the year.
pub async fn of(app: &App, actor: &Actor, word: &str, flow_year: FlowYear) -> Result<Summary> {
    let scope = scope(app, actor, word)?;
    within(app, &mut app.db.snapshot().await?, scope, flow_year).await
}

/// The summary of a territory, in a snapshot.
async fn within(app: &App, tx: &mut Tx<'_>, scope: Scope, flow_year: FlowYear) -> Result<Summary> {
    let read = known(app, tx, flow_year).await?.ok_or_else(|| unknown(flow_year))?;
    let before = match flow_year.get().checked_sub(1).and_then(|year| FlowYear::new(year).ok()) {
        Some(before) => known(app, tx, before).await?.filter(|read| !read.year.is_empty()),
        None => None,
    };
    let part = read.year.of(&scope, &app.codes);
    let before = before.map(|read| (read.year.of(&scope, &app.codes), read.year));
    let before = before.as_ref().map(|(part, year)| (&**year, part));
    let told = (read.standing, read.data_at);
    let mut summary = Summary::new(&app.codes, scope, told, (&read.year, &part), before);
    summary.projects = projects(app, tx, &read.year, &part).await?;
    summary.associated = associated(app, tx, &read.year, &summary.scope).await?;
    Ok(summary)
}

fn unknown(flow_year: FlowYear) -> ServiceError {
    let message = format!("rien n’est connu de l’exercice {flow_year}\u{a0}: il n’y a pas de synthèse");
    ServiceError::refused(Because::UnknownReport, message)
}

/// What is known of a year; none without a campaign or amounts from before the service.
async fn known(app: &App, tx: &mut Tx<'_>, flow_year: FlowYear) -> Result<Option<Read>> {
    let campaign = store::campaign::find(tx, flow_year.campaign()).await?;
    let campaign: Option<Campaign> = campaign.filter(|campaign| campaign.cancelled_at.is_none());
    let year = year::read(app, tx, flow_year, campaign.is_some()).await?;
    let (standing, since) = match &campaign {
        Some(campaign) if campaign.settled_at.is_some() => (Standing::Settled, campaign.settled_at),
        Some(campaign) => (Standing::Provisional, Some(campaign.window.opens_at())),
        None => (Standing::Past, None),
    };
    let filed = year.data_at;
    let data_at = match standing {
        Standing::Provisional => filed.or(since),
        Standing::Settled | Standing::Past => filed.max(since),
    };
    Ok(data_at.map(|data_at| Read { year, standing, data_at }))
}

async fn projects(app: &App, tx: &mut Tx<'_>, year: &Year, part: &Part) -> Result<Vec<Project>> {
    let mut projects = Vec::with_capacity(part.largest.len());
    for place in &part.largest {
        let at = (place.version, place.position);
        let found = store::summary::title_at(tx, place.siren, year.flow_year, at).await?;
        let Some((title, recipient)) = found else { continue };
        let row = app.codes.recipients().nearest(recipient.as_str(), year.flow_year.get());
        projects.push(Project {
            siren: place.siren,
            name: year.body(place.siren).map(|known| known.name.to_string()).unwrap_or_default(),
            title,
            recipient: row.map_or_else(|| recipient.to_string(), |row| row.name_fr.to_string()),
            own: place.own,
        });
    }
    Ok(projects)
}

/// The bodies that are associated to the territory, and attached elsewhere.
async fn associated(app: &App, tx: &mut Tx<'_>, year: &Year, scope: &Scope) -> Result<Vec<Associated>> {
    if *scope == Scope::National {
        return Ok(vec![]);
    }
    let mut associated = vec![];
    for (siren, region) in store::register::associated_of_year(tx, year.flow_year).await? {
        let Some(known) = year.body(siren) else { continue };
        if scope.holds(&region, &app.codes) && !scope.holds(&known.region, &app.codes) {
            let (name, region) = (known.name.to_string(), region_name(&known.region, &app.codes));
            associated.push(Associated { siren, name, region, sum: known.figures.total });
        }
    }
    associated.dedup_by_key(|body| body.siren);
    Ok(associated)
}
