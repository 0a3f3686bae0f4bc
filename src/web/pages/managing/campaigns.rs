//! The campaigns, and the next one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::codes::{CodeLists, Declarable, Row as _};
use crate::domain::day::Day;
use crate::domain::window::Window;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::campaign::{self, Standing, follow};
use crate::service::this_year;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Ask, CAMPAIGNS, Decision, Kind, Opened, mend};

#[derive(Template)]
#[template(path = "managing/campaigns.html")]
struct Campaigns {
    layout: Layout,
    rows: Vec<Row>,
    next: String,
}

/// A campaign in the list.
struct Row {
    year: String,
    flow_year: String,
    state: &'static str,
    window: String,
    filings: String,
    next: String,
}

/// Answers `GET /pilotage/campagnes`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    let standings = follow::all(&app, &current.actor).await?;
    let next = next_year(&app, &standings)?.to_string();
    let rows = standings.iter().map(row).collect();
    page(&Campaigns { layout: frame.titled("Campagnes").under("/pilotage", "Pilotage"), rows, next })
}

fn row(standing: &Standing) -> Row {
    let Standing { campaign, state, filings, at } = standing;
    let extended = if campaign.extensions.is_empty() { "" } else { ", prorogée" };
    Row {
        year: campaign.year.to_string(),
        flow_year: campaign.year.flow_year().to_string(),
        state: state.label(),
        window: format!(
            "du {} au {}{extended}",
            text::long_day(campaign.window.opens_on()),
            text::long_day(campaign.closes_on(*at))
        ),
        filings: text::thousands(u64::try_from(*filings).unwrap_or_default()),
        next: next_thing(standing),
    }
}

/// What comes next in the life of a campaign, and who does it.
pub(super) fn next_thing(standing: &Standing) -> String {
    let Standing { campaign, state, at, .. } = standing;
    match state {
        CampaignState::Planned => {
            format!("Elle s’ouvrira d’elle-même le {}.", text::long_day(campaign.window.opens_on()))
        }
        CampaignState::Open => {
            format!("Elle se fermera d’elle-même après le {}.", text::long_day(campaign.closes_on(*at)))
        }
        CampaignState::Over => "À arrêter, quand tout ce qui devait être déposé l’est.".to_owned(),
        CampaignState::Settled => "À publier, après avoir relu ce qui deviendra public.".to_owned(),
        CampaignState::Published | CampaignState::Cancelled => "Rien.".to_owned(),
    }
}

/// The year after the last campaign, or this one where there is none.
fn next_year(app: &App, standings: &[Standing]) -> Result<CampaignYear, PageRefused> {
    let last = standings.first().map(|standing| standing.campaign.year.flow_year());
    let following = last.and_then(|year| FlowYear::new(year.get().saturating_add(1)).ok());
    Ok(match following {
        Some(flow_year) => flow_year.campaign(),
        None => CampaignYear::new(this_year(app)?.get()).unwrap_or(this_year(app)?.campaign()),
    })
}

/// Answers `GET /pilotage/campagnes/nouvelle`: the next campaign, as the last one was.
pub(in crate::web) async fn new(
    State(app): State<App>,
    frame: Frame,
    Opened { agent: Agent(current), typed }: Opened,
) -> Answer {
    let year = next_year(&app, &follow::all(&app, &current.actor).await?)?;
    let proposed = || {
        let window = Window::default_for(year);
        Typed::default()
            .with("annee", year.to_string())
            .with("ouverture", slashed(window.opens_on()))
            .with("cloture", slashed(window.closes_on()))
            .with("appel", "oui")
    };
    new_page(&app, frame, Form::of(typed.unwrap_or_else(proposed)), year).shown(StatusCode::OK)
}

/// Answers `POST /pilotage/campagnes/nouvelle`.
pub(in crate::web) async fn create(
    State(app): State<App>,
    frame: Frame,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    let mut form = Form::of(typed);
    let actor = &current.actor;
    let proposed = next_year(&app, &follow::all(&app, actor).await?)?;
    let year = form.faults.take("annee", form.typed.get("annee").parse::<CampaignYear>());
    let window = window(&mut form);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let (Some(year), Some(window)) = (year, window) {
        match campaign::create(&app, actor, year, Some(window), form.has("appel", "oui")).await {
            Ok(campaign) => return Ok(see(&format!("{CAMPAIGNS}/{}", campaign.year))),
            Err(error) => status = mend(&mut form, error, "annee")?,
        }
    }
    new_page(&app, frame, form, year.unwrap_or(proposed)).shown(status)
}

fn new_page(app: &App, frame: Frame, form: Form, year: CampaignYear) -> Decision {
    let layout = frame.titled("Préparer une campagne").under("/pilotage", "Pilotage");
    let layout = layout.under(CAMPAIGNS, "Campagnes");
    let (address, back) = (format!("{CAMPAIGNS}/nouvelle"), CAMPAIGNS.to_owned());
    let mut decision = Decision::new(layout, form, address, back, "Préparer la campagne");
    decision.about.push(format!(
        "La campagne {year} porte sur les versements de {}. Jusqu’à son ouverture, ses dates peuvent changer et elle peut être annulée.",
        year.flow_year()
    ));
    decision.facts = vintage(&app.codes, year.flow_year());
    let hint = format!("Il exigera la déclaration des versements de {}.", year.flow_year());
    decision.fields = vec![
        Ask::text("annee", "Année de la campagne", "Les versements sont ceux de l’année d’avant."),
        Ask::day("ouverture", "Premier jour"),
        Ask::day("cloture", "Dernier jour, compris"),
        Ask::new("appel", format!("Créer aussi l’appel à projets AAP-{year}"), hint, Kind::Check),
    ];
    decision
}

/// The lists of codes that apply to a flow year, and what changed in them since the year before.
pub(super) fn vintage(codes: &CodeLists, year: FlowYear) -> Vec<(&'static str, String)> {
    let number = year.get();
    let in_year = |year: u16| {
        let rows = codes.recipients().iter().filter(move |row| row.years.contains(year));
        rows.map(|row| (row.key(), &*row.name_fr))
    };
    let (before, now): (Vec<_>, Vec<_>) =
        (in_year(number.saturating_sub(1)).collect(), in_year(number).collect());
    let only = |these: &[(&str, &str)], those: &[(&str, &str)]| {
        let names = these.iter().filter(|(code, _)| those.iter().all(|(other, _)| other != code));
        names.map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let (entered, left) = (only(&now, &before), only(&before, &now));
    let told = |how: &str, names: &str| match names {
        "" => String::new(),
        names => format!("\u{a0}; {how}\u{a0}: {names}"),
    };
    let count = now.len();
    let recipients =
        format!("{count} sur la liste du CAD{}{}", told("entrés", &entered), told("sortis", &left));
    let natures = codes.natures().iter().filter(|row| row.years.contains(number)).count();
    vec![
        ("Versements de", year.to_string()),
        ("Pays et régions", recipients),
        ("Codes-objet", declarable(codes.purposes().iter(), number)),
        ("Canaux", declarable(codes.channels().iter(), number)),
        ("Types d’aide", declarable(codes.aid_types().iter(), number)),
        ("Natures de dépense", natures.to_string()),
    ]
}

fn declarable<'a, T: Declarable + 'a>(rows: impl Iterator<Item = &'a T>, year: u16) -> String {
    rows.filter(|row| row.years().contains(year) && row.is_declarable(year)).count().to_string()
}

/// The window that was typed; its faults where it is none.
pub(super) fn window(form: &mut Form) -> Option<Window> {
    let opens_on = form.faults.take("ouverture", form.typed.get("ouverture").parse::<Day>());
    let closes_on = form.faults.take("cloture", form.typed.get("cloture").parse::<Day>());
    form.faults.take("cloture", Window::new(opens_on?, closes_on?))
}

/// A day as people type it.
pub(super) fn slashed(day: Day) -> String {
    let iso = day.to_iso();
    let mut parts = iso.split('-').rev();
    let mut part = || parts.next().unwrap_or_default();
    format!("{}/{}/{}", part(), part(), part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_proposed_as_people_type_it() {
        let day: Day = "2014-04-15".parse().unwrap();
        assert_eq!(slashed(day), "15/04/2014");
        assert_eq!(slashed(day).parse::<Day>().unwrap(), day);
    }
}
