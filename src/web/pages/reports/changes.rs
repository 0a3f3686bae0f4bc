//! What an edition changes on the one before.

use askama::Template;
use axum::extract::{Path, State};

use crate::app::App;
use crate::service::report::{self, Change, Changed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::Agent;

use super::{HERE, known};

#[derive(Template)]
#[template(path = "reports/changes.html")]
struct ChangesPage {
    layout: Layout,
    title: &'static str,
    year: String,
    edition: u32,
    until: String,
    /// When the edition before was published; none for the first one.
    since: Option<String>,
    /// Whether reasons and documents are told.
    manages: bool,
    rows: Vec<Row>,
}

struct Row {
    at: String,
    siren: String,
    name: String,
    what: String,
    before: String,
    after: String,
    because: Option<(String, String)>,
}

/// Answers `GET /pilotage/rapports/{nom}/{exercice}/{edition}/changements`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path((name, year, edition)): Path<(String, String, String)>,
) -> Answer {
    let (name, flow_year) = known(&name, &year)?;
    let edition: u32 = edition.parse().map_err(|_error| PageRefused::nothing_here())?;
    let found = report::changes(&app, &current.actor, (name, flow_year), edition).await?;
    let layout = frame
        .titled(format!("Édition {edition}\u{a0}: ce qui a changé"))
        .under("/pilotage", "Pilotage")
        .under(HERE, "Rapports");
    page(&ChangesPage {
        layout,
        title: name.title(),
        year: flow_year.to_string(),
        edition,
        until: text::minute(found.until),
        since: found.since.map(text::minute),
        manages: current.actor.role.manages(),
        rows: found.changes.into_iter().map(Row::of).collect(),
    })
}

impl Row {
    fn of(change: Change) -> Self {
        let none = || "–".to_owned();
        let (what, before, after) = match change.what {
            Changed::Title => ("titre public remplacé".to_owned(), none(), none()),
            Changed::Version { kind, before, after } => {
                (kind.label().to_owned(), before.map_or_else(none, text::euros), text::euros(after))
            }
        };
        Self {
            at: text::minute(change.at),
            siren: change.siren.to_string(),
            name: change.name,
            what,
            before,
            after,
            because: change.because,
        }
    }
}
