//! Reminders to the bodies that have not filed: who gets one, counted and listed before it leaves, and sent once.
//!
//! Once a collectivity, a step and a last day, whoever sends it and however often: the row that says so and the mails
//! are of one transaction. Who filed meanwhile gets none: that is asked when mails are queued, and again when each is
//! written.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::expected::Progress;
use crate::domain::follow_up::{Class, Filter};
use crate::domain::instant::Instant;
use crate::domain::mail::{Known, Letter, Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::reminder::Step;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::account::tell;
use crate::service::campaign::{existing, refuse_settled};
use crate::service::follow_up::look;
use crate::service::{Result, ServiceError, mail, refusals};
use crate::store;
use crate::store::reminder::Sent;

/// Collectivities of one transaction: those who file wait for no more.
const AT_ONCE: usize = 50;

/// A reminder as it would leave now.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The campaign.
    pub campaign: Campaign,
    /// The territory whose bodies are reminded.
    pub territory: String,
    /// When this was asked.
    pub at: Instant,
    /// The last day, as extended.
    pub closes_on: Day,
    /// The step that can be sent now, where one can.
    pub current: Option<Step>,
    /// The step that is looked at.
    pub step: Step,
    /// The bodies that get it.
    pub targets: Vec<Target>,
    /// Bodies that have not filed and got this step already.
    pub reminded: usize,
    /// Bodies that have not filed and to whom nothing arrives: no address, or every mail came back.
    pub unreachable: Vec<Target>,
}

/// A body that has not filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub siren: Siren,
    /// Its name.
    pub name: String,
    /// The region that counts it.
    pub region: String,
    /// Whether a draft is there.
    pub has_draft: bool,
    /// To whom it goes.
    pub to: Vec<Recipient>,
}

/// What a launch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Launched {
    /// Collectivities reminded.
    pub bodies: usize,
    /// Mails queued.
    pub mails: usize,
}

impl Target {
    /// How many agents, and how many known addresses.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let agents = self.to.iter().filter(|to| matches!(to, Recipient::Person(_))).count();
        (agents, self.to.len().saturating_sub(agents))
    }

    fn message(&self, to: &Recipient, plan: &Plan) -> Message {
        Message::Reminder {
            siren: self.siren,
            flow_year: plan.campaign.year.flow_year(),
            ends_at: plan.closes_on.ends_at(),
            step: plan.step,
            is_agent: matches!(to, Recipient::Person(_)),
        }
    }
}

impl Plan {
    /// Mails that would leave.
    #[must_use]
    pub fn mails(&self) -> usize {
        self.targets.iter().map(|target| target.to.len()).sum()
    }

    /// The mails as the first body would get them: to an agent, and to an address without an account.
    ///
    /// # Errors
    /// When a template cannot be filled, which only memory could cause.
    pub fn letters(&self, app: &App) -> Result<Vec<Letter>> {
        let Some(target) = self.targets.first().or_else(|| self.unreachable.first()) else {
            return Ok(vec![]);
        };
        let known = Known {
            collectivity: Some(target.name.clone()),
            has_draft: target.has_draft,
            ..Known::default()
        };
        let letter = |to: Recipient| target.message(&to, self).letter(&known, &mail::sender(app));
        let letters = [Recipient::Person(String::new()), Recipient::Contact(String::new())].map(letter);
        let letters: std::result::Result<Vec<_>, _> = letters.into_iter().collect();
        letters.map_err(|error| ServiceError::Report(std::io::Error::other(error).into()))
    }
}

/// Who would get a step now, the current one where none is named: a manager asks for the country or for a region, a
/// SGAR for its own.
pub async fn plan(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    step: Option<Step>,
    region: Option<&str>,
) -> Result<Plan> {
    refusals::told(app, actor, "reminder.read", year, require_sender(actor)).await?;
    let view = look(app, actor, year, region).await?;
    let closes_on = view.campaign.closes_on(view.at);
    let current = current(&view.campaign, view.at);
    let step = step.or(current).unwrap_or(Step::Month);
    let mut tx = app.db.snapshot().await?;
    let sent: HashSet<Siren> = store::reminder::sent(&mut tx, year, closes_on)
        .await?
        .into_iter()
        .filter_map(|(siren, sent)| (sent == step).then_some(siren))
        .collect();
    let mut recipients: HashMap<Siren, Vec<Recipient>> = HashMap::new();
    for (siren, to) in store::reminder::recipients(&mut tx).await? {
        recipients.entry(siren).or_default().push(to);
    }
    let lost: HashSet<Recipient> = store::reminder::unreachable(&mut tx).await?.into_iter().collect();
    drop(tx);
    let missing = Filter { class: Some(Class::Missing), ..Filter::default() };
    let (mut targets, mut unreachable, mut reminded) = (vec![], vec![], 0_usize);
    for row in missing.select(view.survey().own_rows(), view.year) {
        let to = recipients.get(&row.body.siren).cloned().unwrap_or_default();
        let target = Target {
            siren: row.body.siren,
            name: row.body.name.clone(),
            region: row.body.region.clone(),
            has_draft: row.progress == Progress::Draft,
            to,
        };
        if target.to.iter().all(|to| lost.contains(to)) {
            unreachable.push(target.clone());
        }
        if sent.contains(&target.siren) {
            reminded = reminded.saturating_add(1);
        } else if !target.to.is_empty() {
            targets.push(target);
        }
    }
    let territory = view.scope.name(&app.codes);
    Ok(Plan {
        campaign: view.campaign,
        territory,
        at: view.at,
        closes_on,
        current,
        step,
        targets,
        reminded,
        unreachable,
    })
}

/// Sends the step that can be sent now to all who would get it. `seen` is the last day that was looked at, where
/// somebody looked: an extension decided meanwhile is told, not overrun.
pub async fn launch(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    step: Step,
    (region, seen): (Option<&str>, Option<Day>),
) -> Result<Launched> {
    let outcome = launch_once(app, actor, year, step, (region, seen)).await;
    refusals::told(app, actor, "reminder.send", format!("{year}/{step}"), outcome).await
}

async fn launch_once(
    app: &App,
    actor: &Actor,
    year: CampaignYear,
    step: Step,
    (region, seen): (Option<&str>, Option<Day>),
) -> Result<Launched> {
    let plan = plan(app, actor, year, Some(step), region).await?;
    let now = app.now();
    refuse_settled(&plan.campaign, now)?;
    if plan.current != Some(step) {
        return Err(too_soon_or_late(&plan, step));
    }
    if seen.is_some_and(|seen| seen != plan.closes_on) {
        return Err(moved());
    }
    let mut launched = Launched::default();
    for some in plan.targets.chunks(AT_ONCE) {
        let done = send(app, actor, &plan, some).await?;
        launched.bodies = launched.bodies.saturating_add(done.bodies);
        launched.mails = launched.mails.saturating_add(done.mails);
    }
    Ok(launched)
}

/// Sends the step that is due now of every campaign; who got it already gets none. A step whose day was over, or there,
/// when the last extension was decided is left to a person: who was reminded of the old end is told of the new one by
/// the announcement.
///
/// # Errors
/// When the database fails, or an extension is decided meanwhile: then it is tried again.
pub async fn launch_due(app: &App, actor: &Actor) -> Result<Launched> {
    let campaigns = {
        let mut tx = app.db.snapshot().await?;
        let campaigns = store::campaign::all(&mut tx).await?;
        tx.done();
        campaigns
    };
    let mut launched = Launched::default();
    for campaign in campaigns {
        let now = app.now();
        let decided =
            campaign.extensions.iter().map(|extension| extension.decided_at).filter(|at| *at <= now);
        let moved_on = decided.max().map(Instant::day_in_paris);
        let begins_on = |step: Step| step.begins_on(campaign.closes_on(now));
        let is_ahead = |step: &Step| moved_on.is_none_or(|moved_on| moved_on < begins_on(*step));
        let Some(step) = current(&campaign, now).filter(is_ahead) else { continue };
        let done = launch(app, actor, campaign.year, step, (None, None)).await?;
        launched.bodies = launched.bodies.saturating_add(done.bodies);
        launched.mails = launched.mails.saturating_add(done.mails);
    }
    Ok(launched)
}

/// Queues the mails of some collectivities, in one transaction.
async fn send(app: &App, actor: &Actor, plan: &Plan, targets: &[Target]) -> Result<Launched> {
    let (year, now) = (plan.campaign.year, app.now());
    let mut done = Launched::default();
    let mut tx = app.db.begin().await?;
    // An extension waits until these mails are queued, or is seen.
    tx.share_campaign(year).await?;
    let campaign = existing(&mut tx, year).await?;
    if campaign.closes_on(now) != plan.closes_on {
        return Err(moved());
    }
    refuse_settled(&campaign, now)?;
    for target in targets {
        if store::reminder::has_filed(&mut tx, target.siren, year.flow_year()).await? {
            continue;
        }
        let sent = Sent {
            campaign: year,
            siren: target.siren,
            step: plan.step,
            closes_on: plan.closes_on,
            mails: u32::try_from(target.to.len()).unwrap_or(u32::MAX),
        };
        if !store::reminder::mark(&mut tx, &sent, &actor.person, now).await? {
            continue;
        }
        for to in &target.to {
            mail::queue(&mut tx, app, to, &target.message(to, plan)).await?;
        }
        done.bodies = done.bodies.saturating_add(1);
        done.mails = done.mails.saturating_add(target.to.len());
    }
    if done.bodies > 0 {
        let after = json!({"collectivites": done.bodies, "courriels": done.mails, "fin": plan.closes_on});
        let subject = format!("{year}/{}", plan.step);
        tell(&mut tx, now, &actor.person, "reminder.send", &subject, &after).await?;
        tx.commit().await?;
        app.mail_queued.notify_one();
    }
    Ok(done)
}

/// The step of today; none before the window opens, nor once the campaign is settled.
fn current(campaign: &Campaign, at: Instant) -> Option<Step> {
    match campaign.state(at) {
        CampaignState::Open | CampaignState::Over => Step::on(at.day_in_paris(), campaign.closes_on(at)),
        CampaignState::Planned
        | CampaignState::Settled
        | CampaignState::Published
        | CampaignState::Cancelled => None,
    }
}

/// Refuses whoever sends no reminders.
pub fn require_sender(actor: &Actor) -> Result<()> {
    if actor.role.manages() || matches!(actor.role, Role::Sgar(_)) {
        return Ok(());
    }
    let message = "les relances reviennent aux gestionnaires du ministère et aux préfectures de région";
    Err(ServiceError::refused(Because::Forbidden, message))
}

fn too_soon_or_late(plan: &Plan, step: Step) -> ServiceError {
    let begins_on = step.begins_on(plan.closes_on);
    if plan.at.day_in_paris() < begins_on {
        let message = format!("la relance {step} part à compter du {}", begins_on.to_long());
        return ServiceError::refused(Because::NotYetOpen, message);
    }
    let instead = plan.current.map(|current| format!("\u{a0}: c’est le moment de la relance {current}"));
    let message = format!("il est trop tard pour la relance {step}{}", instead.unwrap_or_default());
    ServiceError::refused(Because::WindowClosed, message)
}

fn moved() -> ServiceError {
    let message = "le dernier jour de la campagne vient de changer\u{a0}: relisez la page avant d’envoyer";
    ServiceError::refused(Because::StaleDraft, message)
}
