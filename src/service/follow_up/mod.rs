//! Following a campaign: who is expected, where each stands, how that compares with the year before (rules 10, 11).

mod export;

pub use export::{Form, export};

use std::collections::HashSet;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::filing::FilingKind;
use crate::domain::follow_up::{Axis, Group, Pace, Row, Survey, Tally, same_moment};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::campaign::existing;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, require_follower};
use crate::store;
use crate::store::follow_up::Ground;

/// A campaign as it stands, for a territory.
#[derive(Debug, Clone)]
pub struct View {
    /// The campaign.
    pub campaign: Campaign,
    /// Of which payments.
    pub year: FlowYear,
    /// The territory that is looked at.
    pub scope: Scope,
    /// When.
    pub at: Instant,
    ground: Ground,
    preparing: HashSet<Siren>,
    reachable: HashSet<Siren>,
}

/// What the dashboard shows.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The campaign.
    pub view: View,
    /// The bodies that the territory counts, and others that filed.
    pub tally: Tally,
    /// Those that it sees only.
    pub associated: u32,
    /// The same, told apart.
    pub parts: Vec<(Axis, Vec<Group>)>,
    /// How filings come in.
    pub pace: Pace,
    /// The campaign before, where there was one.
    pub before: Option<Before>,
}

/// The campaign before, at the moment when it had as much left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Its year.
    pub year: CampaignYear,
    /// That moment.
    pub at: Instant,
    /// Those it expected.
    pub expected: u32,
    /// Those that had declared amounts by then.
    pub declared: u32,
    /// Those that had declared nil by then.
    pub nil: u32,
}

impl View {
    /// What can be counted and listed of it.
    #[must_use]
    pub fn survey(&self) -> Survey<'_> {
        Survey {
            bodies: &self.ground.bodies,
            filed: &self.ground.filed,
            preparing: &self.preparing,
            reachable: &self.reachable,
            scope: &self.scope,
        }
    }

    /// The same of the bodies that filed without being expected.
    fn others(&self) -> Survey<'_> {
        Survey { bodies: &self.ground.others, ..self.survey() }
    }
}

/// The whole territory that the actor follows.
pub fn territory(actor: &Actor) -> Result<Scope> {
    require_follower(actor)
}

/// The campaign to look at first: the last one that has begun, or the first one to come.
pub async fn current(app: &App, actor: &Actor) -> Result<CampaignYear> {
    require_follower(actor)?;
    let now = app.now();
    let mut campaigns = store::campaign::all(&mut app.db.snapshot().await?).await?;
    campaigns.retain(|campaign| campaign.state(now) != CampaignState::Cancelled);
    let begun = campaigns.iter().rev().find(|campaign| campaign.state(now) != CampaignState::Planned);
    begun.or_else(|| campaigns.first()).map(|campaign| campaign.year).ok_or_else(|| {
        let message = "aucune campagne n’est encore créée\u{a0}: il n’y a rien à suivre";
        ServiceError::refused(Because::UnknownCampaign, message)
    })
}

/// The campaigns that can be followed, the last one first.
pub async fn campaigns(app: &App, actor: &Actor) -> Result<Vec<Campaign>> {
    require_follower(actor)?;
    let now = app.now();
    let mut campaigns = store::campaign::all(&mut app.db.snapshot().await?).await?;
    campaigns.retain(|campaign| campaign.state(now) != CampaignState::Cancelled);
    campaigns.reverse();
    Ok(campaigns)
}

/// Reads what is new of the campaign to look at first and of the one before.
pub async fn refresh(app: &App) -> Result<()> {
    let mut tx = app.db.snapshot().await?;
    let campaigns = store::campaign::all(&mut tx).await?;
    let begun = campaigns.iter().filter(|campaign| campaign.state(app.now()) != CampaignState::Cancelled);
    for campaign in begun.rev().take(2) {
        app.followed.read(&mut tx, campaign.year.flow_year(), &app.codes).await?;
    }
    Ok(())
}

/// A campaign as it stands, of the whole territory of who asks or of one region in it.
pub async fn look(app: &App, actor: &Actor, year: CampaignYear, region: Option<&str>) -> Result<View> {
    let scope = told(app, actor, "follow_up.read", year, scope(app, actor, region)).await?;
    let mut tx = app.db.snapshot().await?;
    let campaign = existing(&mut tx, year).await?;
    let (at, year) = (app.now(), year.flow_year());
    let ground = app.followed.read(&mut tx, year, &app.codes).await?;
    let preparing = store::follow_up::in_preparation(&mut tx, year, at).await?.into_iter().collect();
    let reachable = store::follow_up::reachable(&mut tx).await?.into_iter().collect();
    Ok(View { campaign, year, scope, at, ground, preparing, reachable })
}

/// What the dashboard of a campaign shows.
pub async fn dashboard(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    region: Option<&str>,
) -> Result<Dashboard> {
    let view = look(app, actor, year, region).await?;
    let before = before(app, &view).await?;
    let nobody = HashSet::new();
    let survey = view.survey();
    // Where each stands is found once, and counted many times.
    let (seen, own): (Vec<_>, Vec<_>) = survey.rows().partition(|row| row.is_associated);
    let (rows, associated) = (|| own.iter().copied(), seen.len());
    let others: Vec<_> = view.others().own_rows().collect();
    let others = || others.iter().copied();
    let groups = |axis: Axis| (axis, axis.groups(rows(), others(), &app.codes));
    // Of a campaign that is over nothing is prepared, and nobody is written to.
    let last = before.as_ref().map(|(campaign, Ground { bodies, filed, .. })| {
        (campaign, Survey { bodies, filed, preparing: &nobody, reachable: &nobody, ..survey })
    });
    let moment = last.map(|(campaign, past)| {
        let at = same_moment(&view.campaign, campaign, view.at);
        Before::of(campaign.year, at, past.own_rows())
    });
    Ok(Dashboard {
        tally: Tally::of(rows(), others()),
        associated: u32::try_from(associated).unwrap_or(u32::MAX),
        parts: Axis::ALL.into_iter().map(groups).collect(),
        pace: Pace::of(
            (&view.campaign, rows()),
            last.map(|(campaign, past)| (campaign, past.own_rows())),
            view.at,
        ),
        before: moment,
        view,
    })
}

/// The territory that is looked at, or the refusal of another one than one's own.
fn scope(app: &App, actor: &Actor, region: Option<&str>) -> Result<Scope> {
    let own = require_follower(actor)?;
    let Some(region) = region else { return Ok(own) };
    let is_known = app.codes.regions().latest(region).is_some_and(|known| known.successor.is_none());
    match own {
        Scope::Region(own) if own != region => {
            let message = "chaque préfecture suit sa région\u{a0}: celle-ci n’est pas la vôtre";
            Err(ServiceError::refused(Because::Forbidden, message))
        }
        _ if is_known => Ok(Scope::Region(region.to_owned())),
        _ => Err(ServiceError::refused(Because::Invalid, "cette région n’existe pas")),
    }
}

/// The campaign before and its bodies.
async fn before(app: &App, view: &View) -> Result<Option<(Campaign, Ground)>> {
    let Ok(year) = CampaignYear::new(view.campaign.year.get().saturating_sub(1)) else { return Ok(None) };
    let mut tx = app.db.snapshot().await?;
    let Some(campaign) = store::campaign::find(&mut tx, year).await? else { return Ok(None) };
    if campaign.state(view.at) == CampaignState::Cancelled {
        return Ok(None);
    }
    let ground = app.followed.read(&mut tx, year.flow_year(), &app.codes).await?;
    Ok(Some((campaign, ground)))
}

impl Before {
    fn of<'a>(year: CampaignYear, at: Instant, rows: impl Iterator<Item = Row<'a>>) -> Self {
        let mut before = Self { year, at, expected: 0, declared: 0, nil: 0 };
        for row in rows {
            before.expected = before.expected.saturating_add(1);
            let Some(filed) = row.filed.filter(|filed| filed.first_at <= at) else { continue };
            let count = match filed.kind {
                FilingKind::Nil => &mut before.nil,
                _ => &mut before.declared,
            };
            *count = count.saturating_add(1);
        }
        before
    }
}
