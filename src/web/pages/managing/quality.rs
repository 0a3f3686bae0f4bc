//! What deserves a look in what was declared: counted by check, listed, downloaded.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::quality::{Check, Count, Finding, Part};
use crate::domain::text::fold;
use crate::domain::year::CampaignYear;
use crate::service::campaign::follow;
use crate::service::quality::{self, Named, Review};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::filed::{CSV, download};
use crate::web::pages::questions::ask::address;
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::Year;

/// The address of the quality of a campaign, before its year.
const QUALITY: &str = "/pilotage/qualite";
/// Findings that the page shows; the file has all of them.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "managing/quality.html")]
struct QualityPage {
    layout: Layout,
    address: String,
    query: String,
    q: String,
    /// The flow year, by which the workbook is found.
    year: String,
    /// How complete the lines are: a caption, the header of its names, its rows.
    shares: Vec<(&'static str, &'static str, Vec<Told>)>,
    checks: Vec<Tab>,
    caption: &'static str,
    rows: Vec<Row>,
    found: String,
    more: Option<String>,
}

/// How many lines tell something.
struct Told {
    label: String,
    lines: String,
    own: String,
    percent: u64,
}

impl Told {
    fn of(label: String, count: Count, all: Count) -> Self {
        let percent = count.percent_of(all);
        Self { label, lines: text::thousands(count.lines), own: text::euros(count.own), percent }
    }
}

/// A check, with how much it found.
struct Tab {
    code: &'static str,
    label: &'static str,
    count: String,
    is_chosen: bool,
}

struct Row {
    address: String,
    name: String,
    siren: String,
    reference: String,
    told: String,
    /// Where the collectivity is asked about it.
    ask: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    controle: String,
    q: String,
}

impl Asked {
    fn check(&self) -> Check {
        let known = Check::ALL.into_iter().find(|check| check.code() == self.controle);
        known.unwrap_or(Check::Warning)
    }

    /// Whether a finding is looked for: its collectivity, its line or what it says.
    fn wants(&self, named: &Named) -> bool {
        let finding = &named.finding;
        let reference = finding.reference.as_deref().unwrap_or("");
        let text = fold(&format!("{} {} {reference} {}", named.name, finding.siren, finding.told));
        fold(&self.q).split(' ').all(|word| text.contains(word))
    }
}

/// Answers `GET /pilotage/qualite`: leads to the last campaign that received something.
pub(in crate::web) async fn last(State(app): State<App>, Agent(current): Agent) -> Answer {
    let campaigns = follow::all(&app, &current.actor).await?;
    let filed = campaigns.iter().find(|standing| standing.filings > 0);
    let last = filed.or_else(|| campaigns.first()).ok_or_else(PageRefused::nothing_here)?;
    Ok(see(&format!("{QUALITY}/{}", last.campaign.year)))
}

/// Answers `GET /pilotage/qualite/{annee}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    year: Year,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let review = quality::review(&app, &current.actor, year.0).await?;
    let Review { found: all, completeness } = &review;
    let whole = completeness.all;
    let parts = Part::ALL.into_iter().zip(completeness.parts);
    let parts = parts.map(|(part, count)| Told::of(part.label().to_owned(), count, whole));
    let channels = completeness.channels.iter().map(|(code, count)| {
        let found = app.codes.channels().nearest(code, year.0.flow_year().get());
        let name = found.map_or_else(|| code.clone(), |found| format!("{} ({code})", found.name_fr));
        Told::of(name, *count, whole)
    });
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let chosen = asked.check();
    let tab = |check: Check| Tab {
        code: check.code(),
        label: check.label(),
        count: text::thousands(review.count(check)),
        is_chosen: check == chosen,
    };
    let found: Vec<&Named> =
        all.iter().filter(|named| named.finding.check == chosen && asked.wants(named)).collect();
    let row = |named: &&Named| Row {
        ask: ask(named, year.0),
        address: format!("/pilotage/declarations/{}/{}", named.finding.siren, year.0.flow_year()),
        name: named.name.clone(),
        siren: named.finding.siren.to_string(),
        reference: named.finding.reference.clone().unwrap_or_else(|| "toutes".to_owned()),
        told: crate::domain::text::sentence(&named.finding.told),
    };
    let more = found.len().checked_sub(MOST).filter(|more| *more > 0);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("controle", chosen.code()).append_pair("q", asked.q.trim());
    page(&QualityPage {
        layout: frame.titled(format!("Qualité\u{a0}: campagne {}", year.0)).under("/pilotage", "Pilotage"),
        address: format!("{QUALITY}/{}", year.0),
        query: query.finish(),
        q: asked.q.trim().to_owned(),
        year: year.0.flow_year().to_string(),
        shares: vec![
            ("Ce que disent les lignes", "Information", parts.collect()),
            ("Par type de canal", "Canal", channels.collect()),
        ],
        checks: Check::ALL.into_iter().map(tab).collect(),
        caption: chosen.label(),
        rows: found.iter().take(MOST).map(row).collect(),
        found: text::count(count(found.len()), "constat", "constats"),
        more: more.map(|more| text::count(count(more), "constat", "constats")),
    })
}

/// Where the collectivity is asked about a finding, in its words.
fn ask(named: &Named, year: CampaignYear) -> String {
    let Finding { check, siren, reference, told } = &named.finding;
    let words = crate::domain::text::sentence(&format!("{}\u{a0}: {told}", check.label()));
    address((*siren, year.flow_year()), reference.as_deref(), &words)
}

/// Answers `GET /pilotage/qualite/{annee}/export`: what is looked for, as CSV.
pub(in crate::web) async fn export(
    State(app): State<App>,
    year: Year,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let Review { mut found, .. } = quality::review(&app, &current.actor, year.0).await?;
    let chosen = asked.check();
    found.retain(|named| named.finding.check == chosen && asked.wants(named));
    download(&format!("qualite-{}-{}", year.0, chosen.code()), CSV, quality::csv(year.0, &found)?)
}
