//! The summary of a region or of the nation: on screen, on paper, as a workbook and as JSON.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::domain::role::Role;
use crate::domain::summary::{Counts, Cut, Share, Sum, Summary};
use crate::domain::year::FlowYear;
use crate::http::{sent, temporary};
use crate::service::report::Format;
use crate::service::summary::{self, Offered, document};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::{Answer, page};

mod eligibility;
mod published;
mod tables;

use eligibility::{Eligibility, eligibility};
use published::PublishedRow;
use tables::{ShownTable, shown};

/// Where summaries are chosen.
const HERE: &str = "/pilotage/syntheses";

/// What was chosen; anything unreadable is as if it were not there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Chosen {
    exercice: String,
    region: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    appel: String,
}

#[derive(Template)]
#[template(path = "summary/choose.html")]
struct Choose {
    layout: Layout,
    choice: Choice,
}

/// The form that leads to a summary.
struct Choice {
    years: Vec<String>,
    territories: Vec<(String, String)>,
    year: String,
    territory: String,
}

#[derive(Template)]
#[template(path = "summary/show.html")]
struct SummaryPage {
    layout: Layout,
    choice: Choice,
    name: String,
    year: String,
    before: String,
    address: String,
    standing: &'static str,
    is_final: bool,
    data_at: String,
    facts: Vec<Fact>,
    tables: Vec<ShownTable>,
    lists: Vec<List>,
    published: Vec<PublishedRow>,
    eligibility: Option<Eligibility>,
}

/// A key figure, and what is said beside it.
struct Fact {
    name: &'static str,
    value: String,
    beside: String,
}

/// Bodies or lines that are named: title and headers, of which an empty one has no column.
struct List {
    id: &'static str,
    title: &'static str,
    what: &'static str,
    about: &'static str,
    last: &'static str,
    named: Vec<Named>,
}

/// A body or a line that is named.
struct Named {
    siren: String,
    name: String,
    about: String,
    amount: String,
    last: String,
}

/// Answers `GET /pilotage/syntheses`: the choice, or the summary that was chosen; a SGAR begins at its own.
pub(in crate::web) async fn choose(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(chosen): Query<Chosen>,
) -> Answer {
    let offered = summary::offered(&app, &current.actor).await?;
    let year = offered.years.iter().find(|year| year.to_string() == chosen.exercice.trim());
    let own = match &current.actor.role {
        Role::Sgar(region) => Some(region.clone()),
        _ => None,
    };
    let asked = offered.territories.iter().map(|(word, _)| word).find(|word| **word == chosen.region.trim());
    if let (Some(year), Some(word)) = (year, asked.cloned().or(own.clone())) {
        return Ok(see(&format!("{HERE}/{word}/{year}")));
    }
    if let (Some(own), Some(year), true) = (own, offered.years.first(), chosen.exercice.is_empty()) {
        return Ok(see(&format!("{HERE}/{own}/{year}")));
    }
    let layout = frame.titled("Synthèses").under("/pilotage", "Pilotage");
    page(&Choose { layout, choice: Choice::of(offered, "", "") })
}

impl Choice {
    fn of(offered: Offered, year: &str, territory: &str) -> Self {
        Self {
            years: offered.years.iter().map(ToString::to_string).collect(),
            territories: offered.territories,
            year: year.to_owned(),
            territory: territory.to_owned(),
        }
    }
}

/// Answers `GET /pilotage/syntheses/{region}/{exercice}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path((word, year)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let flow_year = known_year(&year)?;
    let summary = summary::of(&app, &current.actor, &word, flow_year).await?;
    let offered = summary::offered(&app, &current.actor).await?;
    let eligibility = if word == summary::NATIONAL {
        None
    } else {
        Some(eligibility(&app, &current.actor, &word, flow_year, asked.appel.trim()).await?)
    };
    let title = format!("Synthèse {year}\u{a0}: {}", summary.name);
    let layout = frame.titled(title).under("/pilotage", "Pilotage").under(HERE, "Synthèses");
    page(&SummaryPage {
        layout,
        choice: Choice::of(offered, &year, &word),
        name: summary.name.clone(),
        before: flow_year.get().saturating_sub(1).to_string(),
        address: format!("{HERE}/{word}/{year}"),
        year,
        standing: summary.standing.sentence(),
        is_final: summary.standing != crate::domain::summary::Standing::Provisional,
        data_at: text::minute(summary.data_at),
        facts: facts(&summary),
        tables: Cut::ALL.into_iter().filter_map(|cut| shown(&summary, cut)).collect(),
        lists: lists(&summary),
        published: published::rows(&summary, &app.codes),
        eligibility,
    })
}

/// Answers `GET /pilotage/syntheses/{region}/{exercice}/{format}`.
pub(in crate::web) async fn file(
    State(app): State<App>,
    Agent(current): Agent,
    Path((word, year, format)): Path<(String, String, String)>,
) -> Answer {
    let flow_year = known_year(&year)?;
    let (kind, body) = match format.as_str() {
        "json" => {
            let summary = summary::of(&app, &current.actor, &word, flow_year).await?;
            let json = serde_json::to_string_pretty(&document::of(&summary));
            ("application/json", json.map_err(|error| PageRefused::internal(error.to_string()))?.into())
        }
        "xlsx" | "ods" => {
            let format: Format = format.parse().map_err(|_error| PageRefused::nothing_here())?;
            let broken = |error: std::io::Error| PageRefused::internal(error.to_string());
            let file = temporary(&app).map_err(broken)?;
            summary::workbook(&app, &current.actor, (&word, flow_year), format, &file).await?;
            (format.media_type(), sent(file).map_err(broken)?)
        }
        _ => return Err(PageRefused::nothing_here()),
    };
    let name = format!("attachment; filename=\"synthese-{word}-{year}.{format}\"");
    let name = HeaderValue::from_str(&name).map_err(|error| PageRefused::internal(error.to_string()))?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)];
    Ok::<Response, PageRefused>((headers, body).into_response())
}

fn known_year(text: &str) -> Result<FlowYear, PageRefused> {
    text.parse().map_err(|_error| PageRefused::nothing_here())
}

/// The change since the year before, in words.
fn since(before: Option<Sum>, now: Sum, amount: fn(Sum) -> crate::domain::euros::Euros, year: u16) -> String {
    let Some(before) = before.map(amount) else { return String::new() };
    let now = amount(now);
    let difference = now.checked_sub(before).unwrap_or_default();
    let sign = if difference.is_negative() { "" } else { "+" };
    let change = Share::change(before, now).map(|share| format!(" ({})", share.signed())).unwrap_or_default();
    format!("{sign}{}{change} sur {year}", text::euros(difference))
}

fn facts(summary: &Summary) -> Vec<Fact> {
    let year = summary.flow_year.get().saturating_sub(1);
    let count = |number: u64| text::thousands(number);
    let declared = |counts: Counts| {
        format!("dont {} (néant)", text::count(counts.nil, "n’ayant rien versé", "n’ayant rien versé"))
    };
    let (answered, before) = summary.answered();
    let mut facts = vec![
        Fact {
            name: "Ressources propres",
            value: text::euros(summary.total.own),
            beside: since(summary.before, summary.total, |sum| sum.own, year),
        },
        Fact {
            name: "Hors aide aux réfugiés",
            value: text::euros(summary.total.without_refugees()),
            beside: since(summary.before, summary.total, Sum::without_refugees, year),
        },
        Fact {
            name: "Accueil de réfugiés en France",
            value: text::euros(summary.total.refugees),
            beside: since(summary.before, summary.total, |sum| sum.refugees, year),
        },
        Fact {
            name: "Collectivités qui ont déclaré",
            value: count(summary.counts.declarants()),
            beside: summary.counts_before.map_or_else(
                || declared(summary.counts),
                |then| format!("{}\u{a0}; {} en {year}", declared(summary.counts), count(then.declarants())),
            ),
        },
        Fact {
            name: "Pays bénéficiaires",
            value: count(summary.countries),
            beside: format!("Sahel, hors réfugiés\u{a0}: {}", text::euros(summary.sahel.without_refugees())),
        },
    ];
    if summary.counts.expected > 0 {
        let told = |share: Option<Share>| share.map(|share| share.to_string()).unwrap_or_default();
        let then = before.map(|share| format!("\u{a0}; {share} en {year}")).unwrap_or_default();
        facts.insert(
            4,
            Fact {
                name: "Attendues qui n’ont pas déclaré",
                value: count(summary.counts.silent),
                beside: format!(
                    "sur {} attendues\u{a0}; {} ont déclaré{then}",
                    count(summary.counts.expected),
                    told(answered)
                ),
            },
        );
    }
    facts
}

fn lists(summary: &Summary) -> Vec<List> {
    let whole = summary.total.without_refugees();
    let part = |sum: Sum| Share::of(sum.without_refugees(), whole).map(|share| share.to_string());
    let contributors = summary.contributors.iter().map(|one| Named {
        siren: one.siren.to_string(),
        name: one.name.clone(),
        about: String::new(),
        amount: text::euros(one.sum.without_refugees()),
        last: part(one.sum).unwrap_or_default(),
    });
    let projects = summary.projects.iter().map(|one| Named {
        siren: one.siren.to_string(),
        name: one.title.clone(),
        about: one.name.clone(),
        amount: text::euros(one.own),
        last: one.recipient.clone(),
    });
    let associated = summary.associated.iter().map(|one| Named {
        siren: one.siren.to_string(),
        name: one.name.clone(),
        about: one.region.clone(),
        amount: text::euros(one.sum.own),
        last: String::new(),
    });
    let mut lists = vec![
        List {
            id: "contributeurs",
            title: "Premiers contributeurs, hors réfugiés",
            what: "Collectivité",
            about: "",
            last: "Part",
            named: contributors.collect(),
        },
        List {
            id: "projets",
            title: "Premiers projets, hors réfugiés",
            what: "Projet",
            about: "Collectivité",
            last: "Bénéficiaire",
            named: projects.collect(),
        },
        List {
            id: "associees",
            title: "Collectivités associées, rattachées à une autre région (hors des totaux)",
            what: "Collectivité",
            about: "Région de rattachement",
            last: "",
            named: associated.collect(),
        },
    ];
    lists.retain(|list| !list.named.is_empty());
    lists
}
