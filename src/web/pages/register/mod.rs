//! The register: finding a body, what it was in each year, what can be decided about it.

pub(in crate::web) mod decision;
pub(in crate::web) mod file;
mod foreseen;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::collectivity::Collectivity;
use crate::domain::eligibility::DescentKind;
use crate::domain::register::{ALWAYS, Body, OPERATIONS, Operation, State as BodyState};
use crate::domain::scope::region_name;
use crate::domain::siren::Siren;
use crate::service::register::{self, PAGE, Relative, Sheet};
use crate::service::{require_manager, this_year};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

/// Where the register begins.
const HOME: &str = "/pilotage/registre";
const NAME: &str = "Registre";

/// What was typed; anything unreadable is as if it were not there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    page: String,
}

#[derive(Template)]
#[template(path = "register/search.html")]
struct SearchPage {
    layout: Layout,
    typed: String,
    found: Option<(String, Vec<Row>)>,
    pager: Pager,
    /// What makes a body that is not there.
    operations: Vec<&'static Operation>,
}

struct Row {
    siren: Option<String>,
    /// Where a body without SIREN gets one.
    to_complete: String,
    name: String,
    kind: &'static str,
    place: String,
    ended: Option<String>,
}

/// Answers `GET /pilotage/registre`.
pub(in crate::web) async fn search(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    require_manager(&current.actor)?;
    let typed = asked.q.trim().to_owned();
    let number = Pager::asked(&asked.page);
    let mut layout = frame.titled(NAME).under("/pilotage", "Pilotage");
    let operations = ["creation", "completer"].into_iter().filter_map(Operation::named).collect();
    if typed.is_empty() {
        let pager = Pager::new(number, 0, PAGE, &[]);
        return page(&SearchPage { layout, typed, found: None, pager, operations });
    }
    let found = register::search(&app, &typed, None, None, this_year(&app)?, number).await?;
    let pager = Pager::new(number, found.total, PAGE, &[("q", &typed)]);
    let counted = text::count(found.total, "organisme trouvé", "organismes trouvés");
    layout = layout.led_by(counted.clone());
    let rows = found.bodies.into_iter().map(|body| row(&app, body)).collect();
    page(&SearchPage { layout, typed, found: Some((counted, rows)), pager, operations })
}

fn row(app: &App, body: Collectivity) -> Row {
    let region = region_name(&body.region, &app.codes);
    let place = body.departement.as_deref().map_or(region.clone(), |code| format!("{code}, {region}"));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("type", body.kind.code())
        .append_pair("code", &body.code)
        .finish();
    Row {
        siren: body.siren.map(|siren| siren.to_string()),
        to_complete: format!("{HOME}/decision/completer?{query}"),
        kind: body.kind.label(),
        place,
        ended: body.exists_until.map(text::long_day),
        name: body.name,
    }
}

#[derive(Template)]
#[template(path = "register/sheet.html")]
struct SheetPage {
    layout: Layout,
    siren: Siren,
    facts: Vec<(&'static str, String)>,
    states: Vec<(String, Vec<String>)>,
    relatives: Vec<(&'static str, Siren, String, String)>,
    operations: Vec<&'static Operation>,
}

/// Answers `GET /pilotage/registre/{siren}`.
pub(in crate::web) async fn sheet(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(siren): Path<String>,
) -> Answer {
    require_manager(&current.actor)?;
    let siren: Siren = siren.parse().map_err(|_invalid| PageRefused::nothing_here())?;
    let Some(Sheet { body, predecessors, successors }) = register::show(&app, siren).await? else {
        return Err(PageRefused::nothing_here());
    };
    let related = |how, relatives: Vec<Relative>| {
        relatives.into_iter().map(move |relative| {
            let kind = if relative.kind == DescentKind::Split { "scission" } else { "fusion" };
            let told = format!("{kind} du {}, {}", relative.on.to_long(), relative.reason);
            (how, relative.siren, relative.name, told)
        })
    };
    page(&SheetPage {
        layout: frame.titled(body.name()).under("/pilotage", "Pilotage").under(HOME, NAME),
        siren,
        facts: facts(&app, &body),
        states: states(&app, &body),
        relatives: related("Succède à", predecessors).chain(related("Lui succède", successors)).collect(),
        operations: OPERATIONS.iter().filter(|operation| operation.needed.contains(&"siren")).collect(),
    })
}

fn facts(app: &App, body: &Body) -> Vec<(&'static str, String)> {
    let from = body.exists_from.map_or("date inconnue".to_owned(), text::long_day);
    let mut facts = vec![("SIREN", body.id.clone()), ("Existe depuis", from)];
    facts.extend(body.exists_until.map(|day| ("A existé jusqu’au", text::long_day(day))));
    for association in &body.associations {
        let until = association.to_year.map(|to| format!(" jusqu’à {to}")).unwrap_or_default();
        let region = region_name(&association.region, &app.codes);
        facts.push(("Région associée", format!("{region}, {}{until}", since(association.from_year))));
    }
    if body.millesime > 0 {
        facts.push(("Dernier millésime", body.millesime.to_string()));
    }
    facts
}

/// The states that count, the latest first: since when, and each attribute.
fn states(app: &App, body: &Body) -> Vec<(String, Vec<String>)> {
    let is_last = |state: &&BodyState| body.at(state.from_year) == Some(*state);
    let told = |state: &BodyState| {
        let attributes = &state.attributes;
        let people = attributes.population.map(|count| text::thousands(u64::from(count)));
        vec![
            attributes.name.clone(),
            attributes.kind.label().to_owned(),
            attributes.code.clone(),
            attributes.departement.clone().unwrap_or_else(|| "–".to_owned()),
            region_name(&attributes.region, &app.codes),
            people.unwrap_or_else(|| "–".to_owned()),
            state.reason.told(),
        ]
    };
    body.states.iter().rev().filter(is_last).map(|state| (since(state.from_year), told(state))).collect()
}

fn since(year: u16) -> String {
    if year == ALWAYS { "depuis toujours".to_owned() } else { format!("depuis {year}") }
}
