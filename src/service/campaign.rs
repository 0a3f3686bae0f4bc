//! Campaigns: create, plan, extend, settle, publish, cancel (rule 2).
//!
//! | file | what it holds |
//! |---|---|
//! | `follow` | each campaign with its decisions, for managers |
//! | `announce` | the mail that tells of an extension |

pub mod announce;
pub mod follow;

use serde_json::json;

use crate::app::App;
use crate::domain::call::Call;
use crate::domain::campaign::{Act, Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::window::Window;
use crate::domain::year::CampaignYear;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, require_manager, require_reason};
use crate::store::campaign::Step;
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// A campaign as it stands, with the number of versions filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The campaign.
    pub campaign: Campaign,
    /// Its state at [`Standing::at`].
    pub state: CampaignState,
    /// Versions filed, of any kind.
    pub filings: i64,
    /// When the question was asked.
    pub at: Instant,
}

/// Creates a campaign; its window is the default one where none is given. With
/// `with_call`, the call `AAP-N` comes with it.
pub async fn create(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    window: Option<Window>,
    with_call: bool,
) -> Result<Campaign> {
    require_manager(actor)?;
    let (now, window) = (app.now(), window.unwrap_or_else(|| Window::default_for(year)));
    if window.opens_on().year() != i32::from(year.get()) {
        let message = format!("la fenêtre de la campagne {year} doit commencer en {year}");
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(year).await?;
    if store::campaign::find(&mut tx, year).await?.is_some() {
        return Err(ServiceError::refused(
            Because::CampaignExists,
            format!("la campagne {year} existe déjà"),
        ));
    }
    store::campaign::create(&mut tx, year, window, &actor.person, now).await?;
    if with_call {
        let call = Call::default_for(year);
        if store::call::find(&mut tx, call.code()).await?.is_none() {
            store::call::create(&mut tx, &call, &actor.person, now).await?;
        }
    }
    let after = json!({"ouverture": window.opens_on(), "cloture": window.closes_on(), "appel": with_call});
    tell(&mut tx, actor, now, "campaign.create", year, &after).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Plans other days, as long as the window has not opened.
pub async fn plan(app: &App, actor: &Actor, year: CampaignYear, window: Window) -> Result<Campaign> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    campaign.admits(Act::Plan, 0, now)?;
    store::campaign::plan(&mut tx, year, window, &actor.person, now).await?;
    let after = json!({"ouverture": window.opens_on(), "cloture": window.closes_on()});
    tell(&mut tx, actor, now, "campaign.plan", year, &after).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Moves the end later for everyone (prorogation).
pub async fn extend(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    closes_on: Day,
    reason: &str,
) -> Result<Campaign> {
    let outcome = extend_now(app, actor, year, closes_on, reason).await;
    told(app, actor, "campaign.extend", year, outcome).await
}

async fn extend_now(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    closes_on: Day,
    reason: &str,
) -> Result<Campaign> {
    require_manager(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    campaign.admits(Act::Extend, 0, now)?;
    let current = campaign.closes_on(now);
    if closes_on <= current || closes_on.ends_at() <= now {
        let message = format!(
            "une prorogation ne fait que reculer la clôture\u{a0}: donnez un jour après le {} et qui n’est pas passé",
            current.to_long()
        );
        return Err(ServiceError::refused(Because::NotLater, message));
    }
    store::campaign::extend(&mut tx, year, closes_on, reason, &actor.person, now).await?;
    let after = json!({"cloture": closes_on, "motif": reason});
    tell(&mut tx, actor, now, "campaign.extend", year, &after).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Settles a campaign (arrêtée), once its last day is over: from here only managers' versions.
pub async fn settle(app: &App, actor: &Actor, year: CampaignYear) -> Result<Standing> {
    let outcome = settle_now(app, actor, year).await;
    told(app, actor, "campaign.settle", year, outcome).await
}

async fn settle_now(app: &App, actor: &Actor, year: CampaignYear) -> Result<Standing> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    // Alone with the campaign: every filing is before this count, or after the settlement and refused.
    tx.hold_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    campaign.admits(Act::Settle, 0, now)?;
    store::campaign::take_step(&mut tx, year, Step::Settled, "", &actor.person, now).await?;
    let filings = store::filing::count_of_year(&mut tx, year.flow_year()).await?;
    tell(&mut tx, actor, now, "campaign.settle", year, &json!({"versions": filings})).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(Standing { state: campaign.state(now), campaign, filings, at: now })
}

/// Publishes a settled campaign (publiée): its amounts become public.
pub async fn publish(app: &App, actor: &Actor, year: CampaignYear) -> Result<Campaign> {
    let outcome = publish_now(app, actor, year).await;
    told(app, actor, "campaign.publish", year, outcome).await
}

async fn publish_now(app: &App, actor: &Actor, year: CampaignYear) -> Result<Campaign> {
    require_manager(actor)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    campaign.admits(Act::Publish, 0, now)?;
    store::campaign::take_step(&mut tx, year, Step::Published, "", &actor.person, now).await?;
    tell(&mut tx, actor, now, "campaign.publish", year, &json!({})).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Cancels a campaign that has not opened.
pub async fn cancel(app: &App, actor: &Actor, year: CampaignYear, reason: &str) -> Result<Campaign> {
    require_manager(actor)?;
    let (now, reason) = (app.now(), require_reason(reason)?);
    let mut tx = app.db.begin().await?;
    tx.hold_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    let filings = store::filing::count_of_year(&mut tx, year.flow_year()).await?;
    campaign.admits(Act::Cancel, filings, now)?;
    store::campaign::take_step(&mut tx, year, Step::Cancelled, reason, &actor.person, now).await?;
    tell(&mut tx, actor, now, "campaign.cancel", year, &json!({"motif": reason})).await?;
    let campaign = existing(&mut tx, year).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Where a campaign stands now.
pub async fn standing(app: &App, year: CampaignYear) -> Result<Standing> {
    let at = app.now();
    let mut tx = app.db.snapshot().await?;
    let campaign = existing(&mut tx, year).await?;
    let filings = store::filing::count_of_year(&mut tx, year.flow_year()).await?;
    Ok(Standing { state: campaign.state(at), campaign, filings, at })
}

/// Every campaign, the first one first.
pub async fn list(app: &App) -> Result<Vec<Campaign>> {
    let mut tx = app.db.snapshot().await?;
    Ok(store::campaign::all(&mut tx).await?)
}

/// The campaign of a year, or the refusal that names it.
pub(crate) async fn existing(tx: &mut Tx<'_>, year: CampaignYear) -> Result<Campaign> {
    store::campaign::find(tx, year).await?.ok_or_else(|| unknown(year))
}

/// The refusal that names a campaign that there is not.
pub(crate) fn unknown(year: CampaignYear) -> ServiceError {
    ServiceError::refused(Because::UnknownCampaign, format!("il n’y a pas de campagne {year}"))
}

/// Refuses what is no longer possible once a campaign is settled or cancelled.
pub(crate) fn refuse_settled(campaign: &Campaign, at: Instant) -> Result<()> {
    Ok(campaign.admits(Act::Derogate, 0, at)?)
}

async fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    at: Instant,
    action: &str,
    year: CampaignYear,
    after: &serde_json::Value,
) -> Result<()> {
    let (subject, after) = (year.to_string(), after.to_string());
    let told =
        Told { at, actor: &actor.person, action, subject: &subject, before: None, after: Some(&after) };
    store::journal::append(tx, told).await?;
    Ok(())
}
