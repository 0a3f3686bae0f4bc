//! Reminders: what leaves, to whom, and who cannot be reached; sent once it was looked at.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::reminder::Step;
use crate::domain::role::Role;
use crate::domain::scope::region_name;
use crate::domain::text::fold;
use crate::domain::year::CampaignYear;
use crate::service::follow_up;
use crate::service::reminder::{self, Plan, Target};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Answer, page};

const SECTION: &str = "/pilotage/relances";
/// Collectivities on a page of the list, and of those that cannot be reached.
const PAGE: usize = 50;

/// What an address asks for; anything unreadable is as if it were not there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    etape: String,
    region: String,
    page: String,
    collectivites: String,
    courriels: String,
}

#[derive(Template)]
#[template(path = "reminders.html")]
struct RemindersPage {
    layout: Layout,
    address: String,
    year: String,
    territory: String,
    region: String,
    /// The regions that can be chosen, where there are several: code, name, whether it is the one.
    regions: Vec<(String, String, bool)>,
    steps: Vec<StepRow>,
    chosen: &'static str,
    /// The button that sends, where the step can leave now.
    launch: Option<String>,
    /// The last day that is looked at, ISO.
    closes_on: String,
    counted: String,
    mails: String,
    reminded: Option<String>,
    letters: Vec<(String, String)>,
    targets: Vec<Row>,
    pager: Pager,
    unreachable_count: String,
    unreachable: Vec<Row>,
    more: Option<String>,
    done: Option<String>,
}

struct StepRow {
    code: &'static str,
    label: &'static str,
    day: String,
    address: String,
    state: &'static str,
    is_chosen: bool,
}

struct Row {
    siren: String,
    name: String,
    region: String,
    situation: &'static str,
    agents: usize,
    contacts: usize,
}

/// Answers `GET /pilotage/relances`.
pub(in crate::web) async fn latest(State(app): State<App>, Agent(current): Agent) -> Answer {
    reminder::require_sender(&current.actor)?;
    let year = follow_up::current(&app, &current.actor).await?;
    Ok(see(&format!("{SECTION}/{year}")))
}

/// Answers `GET /pilotage/relances/{annee}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let year: CampaignYear = read(&year)?;
    let region = Some(asked.region.as_str()).filter(|region| !region.is_empty());
    let plan = reminder::plan(&app, &current.actor, year, asked.etape.parse().ok(), region).await?;
    let (pager, before) = Pager::of(&asked.page, plan.targets.len(), PAGE, query(Some(plan.step), region));
    let shown = plan.targets.iter().skip(before).take(PAGE);
    let row = |target: &Target| row(&app, target);
    let lost = plan.unreachable.len();
    let letters = plan.letters(&app)?.into_iter().map(|letter| (letter.subject, letter.body)).collect();
    page(&RemindersPage {
        layout: frame.titled(format!("Relances de la campagne {year}")).under("/pilotage", "Pilotage"),
        address: format!("{SECTION}/{year}"),
        year: year.to_string(),
        region: asked.region.clone(),
        regions: regions(&app, &current.actor.role, &asked.region),
        steps: Step::ALL.map(|step| step_row(&plan, step, region)).into(),
        chosen: plan.step.code(),
        launch: (plan.current == Some(plan.step) && !plan.targets.is_empty())
            .then(|| format!("Envoyer à {}", count(plan.targets.len(), "collectivité", "collectivités"))),
        closes_on: plan.closes_on.to_iso(),
        counted: count(plan.targets.len(), "collectivité à relancer", "collectivités à relancer"),
        mails: count(plan.mails(), "courriel", "courriels"),
        reminded: (plan.reminded > 0).then(|| count(plan.reminded, "déjà relancée", "déjà relancées")),
        letters,
        targets: shown.map(row).collect(),
        pager,
        unreachable_count: count(lost, "collectivité", "collectivités"),
        unreachable: plan.unreachable.iter().take(PAGE).map(row).collect(),
        more: (lost > PAGE).then(|| count(lost.saturating_sub(PAGE), "autre", "autres")),
        done: done(&asked),
        territory: plan.territory,
    })
}

/// Answers `POST /pilotage/relances/{annee}`: sends the step that was looked at.
pub(in crate::web) async fn send(
    State(app): State<App>,
    Path(year): Path<String>,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let year: CampaignYear = read(&year)?;
    let step: Step = typed.get("etape").parse().map_err(|_odd| PageRefused::unreadable_form())?;
    let seen: Day = typed.get("fin").parse().map_err(|_odd| PageRefused::unreadable_form())?;
    let region = Some(typed.get("region")).filter(|region| !region.is_empty());
    let sent = reminder::launch(&app, &current.actor, year, step, (region, Some(seen))).await?;
    let told = form_urlencoded::Serializer::new(query(Some(step), region))
        .append_pair("collectivites", &sent.bodies.to_string())
        .append_pair("courriels", &sent.mails.to_string())
        .finish();
    Ok(see(&format!("{SECTION}/{year}?{told}")))
}

fn read(year: &str) -> Result<CampaignYear, PageRefused> {
    year.parse().map_err(|_unreadable| PageRefused::nothing_here())
}

fn count(count: usize, one: &str, many: &str) -> String {
    text::count(u64::try_from(count).unwrap_or_default(), one, many)
}

fn query(step: Option<Step>, region: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(step) = step {
        query.append_pair("etape", step.code());
    }
    if let Some(region) = region {
        query.append_pair("region", region);
    }
    query.finish()
}

/// What a launch did, as its address tells it.
fn done(asked: &Asked) -> Option<String> {
    let bodies: usize = asked.collectivites.parse().ok()?;
    let mails: usize = asked.courriels.parse().ok()?;
    Some(match bodies {
        0 => "Rien à envoyer\u{a0}: toutes ont déposé ou ont déjà été relancées.".to_owned(),
        _ => format!(
            "{}\u{a0}: {} en file d’envoi.",
            count(bodies, "collectivité relancée", "collectivités relancées"),
            count(mails, "courriel", "courriels")
        ),
    })
}

fn row(app: &App, target: &Target) -> Row {
    let (agents, contacts) = target.counts();
    Row {
        siren: target.siren.to_string(),
        name: target.name.clone(),
        region: region_name(&target.region, &app.codes),
        situation: if target.has_draft { "brouillon" } else { "rien" },
        agents,
        contacts,
    }
}

fn step_row(plan: &Plan, step: Step, region: Option<&str>) -> StepRow {
    let state = match plan.current {
        Some(current) if current == step => "à envoyer maintenant",
        Some(current) if current > step => "passée",
        _ => "à venir",
    };
    StepRow {
        code: step.code(),
        label: step.label(),
        day: text::long_day(step.begins_on(plan.closes_on)),
        address: format!("{SECTION}/{}?{}", plan.campaign.year, query(Some(step), region)),
        state,
        is_chosen: step == plan.step,
    }
}

/// The regions that a manager chooses from; a SGAR has its own.
fn regions(app: &App, role: &Role, chosen: &str) -> Vec<(String, String, bool)> {
    if matches!(role, Role::Sgar(_)) {
        return vec![];
    }
    let present = app.codes.regions().iter().filter(|region| region.successor.is_none());
    let mut regions: Vec<_> = present
        .map(|region| {
            let code = region.code.to_string();
            let is_chosen = code == chosen;
            (code, region_name(&region.code, &app.codes), is_chosen)
        })
        .collect();
    regions.sort_by_cached_key(|(_, name, _)| fold(name));
    regions
}
