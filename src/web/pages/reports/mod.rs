//! The reports, by year: produced now, released once the campaign is settled, every edition to download.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::domain::release::Release;
use crate::domain::role::Actor;
use crate::domain::year::FlowYear;
use crate::http::{sent, temporary};
use crate::service::report::{self, Audience, Desk, Format, ReportName, Request};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, see};

use super::{Answer, page_with};

pub(in crate::web) mod changes;
pub(in crate::web) mod order;

/// Where reports are.
const HERE: &str = "/pilotage/rapports";
/// The word of addresses for what is produced when it is asked for.
const NOW: &str = "courante";

/// What was chosen; anything unreadable is as if it were not there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Chosen {
    exercice: String,
}

#[derive(Template)]
#[template(path = "reports/desk.html")]
struct ReportsPage {
    layout: Layout,
    years: Vec<String>,
    year: Option<String>,
    is_settled: bool,
    manages: bool,
    reports: Vec<Shown>,
}

/// A release on its way.
struct Waiting {
    address: String,
    ordered: String,
}

/// A report with its editions.
struct Shown {
    code: &'static str,
    title: &'static str,
    caution: Option<&'static str>,
    formats: Vec<&'static str>,
    editions: Vec<Edition>,
    waiting: Option<Waiting>,
    form: Form,
}

/// A file of an edition.
struct Edition {
    number: u32,
    released: String,
    format: String,
    lines: String,
    own: String,
    sha256: String,
}

/// Answers `GET /pilotage/rapports`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(chosen): Query<Chosen>,
) -> Answer {
    let year = chosen.exercice.trim().parse().ok();
    shown(&app, frame, &current.actor, year, None).await
}

async fn shown(
    app: &App,
    frame: Frame,
    actor: &Actor,
    asked: Option<FlowYear>,
    refused: Option<(ReportName, Form)>,
) -> Answer {
    let (year, Desk { years, is_settled, manages, editions, waiting }) =
        report::desk(app, actor, asked).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let reports = ReportName::ALL.into_iter().filter(|name| name.is_released()).map(|name| {
        let own = editions.iter().rev().filter(|edition| edition.name == name.code());
        let form = refused.as_ref().filter(|(of, _)| *of == name).map(|(_, form)| form.clone());
        Shown {
            code: name.code(),
            title: name.title(),
            caution: name.caution(),
            formats: name.formats().iter().map(|format| format.code()).collect(),
            editions: own.map(Edition::of).collect(),
            waiting: waiting.iter().find(|order| order.name == name.code()).map(|order| Waiting {
                address: format!("{HERE}/publications/{}", order.id),
                ordered: text::minute(order.ordered_at),
            }),
            form: form.unwrap_or_default(),
        }
    });
    let mut reports: Vec<Shown> = reports.collect();
    // Who only observes sees what was released.
    reports.retain(|report| manages || !report.editions.is_empty());
    let layout = frame.titled("Rapports").under("/pilotage", "Pilotage");
    let layout = if refused.is_some() { layout.led_by("Erreur") } else { layout };
    let page = ReportsPage {
        layout,
        years: years.iter().map(ToString::to_string).collect(),
        year: year.map(|year| year.to_string()),
        is_settled,
        manages,
        reports,
    };
    page_with(status, &page)
}

impl Edition {
    fn of(release: &Release) -> Self {
        Self {
            number: release.edition,
            released: text::minute(release.released_at),
            format: release.format.clone(),
            lines: text::thousands(release.line_count),
            own: text::euros(release.total_own),
            sha256: release.sha256.clone(),
        }
    }
}

/// Answers `POST /pilotage/rapports/{nom}/{exercice}`: an edition for ever, once its year is typed.
pub(in crate::web) async fn release(
    State(app): State<App>,
    frame: Frame,
    Path((name, year)): Path<(String, String)>,
    Posted { agent, typed }: Posted,
) -> Answer {
    let (name, flow_year) = known(&name, &year)?;
    let actor = &agent.0.actor;
    if typed.get("annee") != flow_year.to_string() && actor.role.manages() {
        let mut form = Form::of(Typed::default().with("annee", typed.get("annee")));
        form.faults.add("annee", format!("pour confirmer, tapez {flow_year}, l’année des versements"));
        return shown(&app, frame, actor, Some(flow_year), Some((name, form))).await;
    }
    let order = report::order(&app, actor, name, flow_year).await?;
    Ok(see(&format!("{HERE}/publications/{order}")))
}

/// Answers `GET /pilotage/rapports/{nom}/{exercice}/{edition}/{format}`.
pub(in crate::web) async fn file(
    State(app): State<App>,
    Agent(current): Agent,
    Path((name, year, edition, format)): Path<(String, String, String, String)>,
) -> Answer {
    let (name, flow_year) = known(&name, &year)?;
    let format: Format = format.parse().map_err(|_error| PageRefused::nothing_here())?;
    let number = match edition.as_str() {
        NOW => None,
        number => Some(number.parse::<u32>().map_err(|_error| PageRefused::nothing_here())?),
    };
    let request =
        Request { edition: number, ..Request::new(name, flow_year, format, Audience::Administration) };
    let broken = |error: std::io::Error| PageRefused::internal(error.to_string());
    let out = temporary(&app).map_err(broken)?;
    report::download(&app, &current.actor, &request, &out).await?;
    let file = format!("attachment; filename=\"{name}-{flow_year}-{edition}.{format}\"");
    let file = HeaderValue::from_str(&file).map_err(|error| PageRefused::internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, file),
    ];
    Ok::<Response, PageRefused>((headers, sent(out).map_err(broken)?).into_response())
}

fn known(name: &str, year: &str) -> Result<(ReportName, FlowYear), PageRefused> {
    let (name, year) = (name.parse().ok(), year.parse().ok());
    name.zip(year).ok_or_else(PageRefused::nothing_here)
}
