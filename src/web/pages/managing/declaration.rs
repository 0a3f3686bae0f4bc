//! One declaration as whoever follows the collectivity reads it: its versions, their lines, what deserves a look.

use std::io::Cursor;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::field::Field;
use crate::domain::reservation::Standing;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::export;
use crate::service::declaration::followed::{Followed, followed};
use crate::service::require_follower;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::declare::filed::{Asked, VersionShown, asked_for, download, shown};
use crate::web::pages::declare::{LineRow, Place};
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
    /// What deserves a look: the title of the line, what, its code.
    warnings: Vec<(String, String, &'static str)>,
    is_manager: bool,
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
    let warnings = issues.iter().map(|issue| {
        let title = lines.get(issue.line).map_or("", |line| line.get(Field::Title));
        (title.to_owned(), issue.message.clone(), issue.rule.code())
    });
    page(&DeclarationPage {
        layout: frame.titled(format!("{name}, versements de {year}")).under("/pilotage", "Pilotage"),
        versions: steps.iter().map(|step| shown(&app, year, step, verification)).collect(),
        warnings: warnings.collect(),
        lines: lines
            .iter()
            .map(|line| LineRow::under(&app, year, &format!("{base}/version"), line, None))
            .collect(),
        is_manager: current.actor.role.manages(),
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
