//! One declaration as whoever follows the collectivity reads it: its versions, their lines, what deserves a look.

use std::io::Cursor;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::field::Field;
use crate::domain::question::Question;
use crate::domain::reservation::Standing;
use crate::domain::siren::Siren;
use crate::domain::text::sentence;
use crate::domain::year::FlowYear;
use crate::service::declaration::export;
use crate::service::declaration::followed::{Followed, followed};
use crate::service::{question, require_follower};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::filed::{Asked, VersionShown, asked_for, download, shown};
use crate::web::pages::declare::{LineRow, Place};
use crate::web::pages::questions::ask::address;
use crate::web::pages::questions::standing;
use crate::web::pages::{Answer, page};
use crate::web::visitor::Agent;

#[derive(Template)]
#[template(path = "managing/declaration.html")]
struct DeclarationPage {
    layout: Layout,
    base: String,
    name: String,
    siren: Siren,
    year: FlowYear,
    versions: Vec<VersionShown>,
    /// The version whose lines are told.
    of: Option<u32>,
    lines: Vec<LineRow>,
    warnings: Vec<Warning>,
    is_manager: bool,
    /// Where a question about the whole is asked, for who may.
    ask: Option<String>,
    /// The questions asked: address, what of.
    questions: Vec<(String, String)>,
}

/// What deserves a look.
struct Warning {
    /// Title of the line.
    title: String,
    message: String,
    code: &'static str,
    /// Where the collectivity is asked about it.
    ask: String,
}

/// Which version's lines are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    version: String,
}

/// The address of a declaration for those who follow it.
pub(super) fn base_of(place: &Place) -> String {
    format!("/pilotage/declarations/{}/{}", place.siren, place.year)
}

/// Answers `GET /pilotage/declarations/{siren}/{exercice}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    place: Place,
    Agent(current): Agent,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let (siren, year, base) = (place.siren, place.year, base_of(&place));
    let version = wanted.version.parse().ok();
    let Followed { name, steps, shown: of, lines, issues } =
        followed(&app, &current.actor, (siren, year), version).await?;
    let verification = |number: &str| format!("/recepisses?numero={number}");
    let (asked, may_ask) = question::of_declaration(&app, &current.actor, (siren, year)).await?;
    let of_line = |line: usize, field: Field| lines.get(line).map_or("", |line| line.get(field));
    let warnings = issues.iter().map(|issue| Warning {
        title: of_line(issue.line, Field::Title).to_owned(),
        message: issue.message.clone(),
        code: issue.rule.code(),
        ask: address((siren, year), Some(of_line(issue.line, Field::Reference)), &sentence(&issue.message)),
    });
    let told = |question: &Question| {
        let about = question
            .reference
            .as_ref()
            .map_or_else(|| "toute la déclaration".to_owned(), |reference| format!("ligne {reference}"));
        (format!("/pilotage/questions/{}", question.id), format!("{about}, {}", standing(question)))
    };
    page(&DeclarationPage {
        layout: frame.titled(format!("{name}, versements de {year}")).under("/pilotage", "Pilotage"),
        versions: steps.iter().map(|step| shown(&app, year, step, verification)).collect(),
        warnings: warnings.collect(),
        lines: lines
            .iter()
            .map(|line| LineRow::under(&app, year, &format!("{base}/version"), line, None))
            .collect(),
        is_manager: current.actor.role.manages(),
        ask: may_ask.then(|| address((siren, year), None, "")),
        questions: asked.iter().map(told).collect(),
        base,
        name,
        siren,
        year,
        of,
    })
}

/// Answers `GET …/export`: the lines of a version, of the one that counts where none is named.
pub(in crate::web) async fn lines(
    State(app): State<App>,
    place: Place,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    require_follower(&current.actor)?;
    let (version, form, kind) = asked_for(&asked)?;
    let mut out = Cursor::new(Vec::new());
    export::export_version(&app, &current.actor, (place.siren, place.year), version, form, &mut out).await?;
    let number = version.map(|number| format!("-v{number}")).unwrap_or_default();
    download(&format!("lignes-{}-{}{number}", place.siren, place.year), kind, out.into_inner())
}
