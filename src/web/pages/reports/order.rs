//! A release on its way: how far it is, and what became of it.

use askama::Template;
use axum::extract::{Path, State};

use crate::app::App;
use crate::domain::release_order::{OrderEnd, ReleaseOrder};
use crate::service::report::{self, ReportName};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::Agent;

use super::HERE;

#[derive(Template)]
#[template(path = "reports/order.html")]
struct OrderPage {
    layout: Layout,
    title: &'static str,
    year: String,
    ordered: String,
    /// Lines written, of all, as numbers for the bar and as words.
    far: Option<(u64, u64, String)>,
    end: Option<End>,
}

/// What became of it, in words.
struct End {
    tone: &'static str,
    at: String,
    told: String,
}

/// Answers `GET /pilotage/rapports/publications/{commande}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(id): Path<String>,
) -> Answer {
    let order = report::followed(&app, &current.actor, &id).await?;
    let name = order.name.parse::<ReportName>().ok();
    let title = name.map_or("Rapport", ReportName::title);
    let heading = if order.end.is_some() { "Publication terminée" } else { "Publication en cours" };
    let layout = frame.titled(heading).under("/pilotage", "Pilotage").under(HERE, "Rapports");
    page(&OrderPage {
        layout,
        title,
        year: order.flow_year.to_string(),
        ordered: text::minute(order.ordered_at),
        far: (order.total > 0).then(|| (order.done, order.total, far(&order))),
        end: order.end.as_ref().map(|(at, end)| End::of(end, text::minute(*at))),
    })
}

fn far(order: &ReleaseOrder) -> String {
    let percent =
        order.done.min(order.total).saturating_mul(100).checked_div(order.total).unwrap_or_default();
    format!(
        "{percent}\u{a0}%\u{a0}: {} sur {}, tous fichiers compris",
        text::count(order.done, "ligne écrite", "lignes écrites"),
        text::thousands(order.total)
    )
}

impl End {
    fn of(end: &OrderEnd, at: String) -> Self {
        let (tone, told) = match end {
            OrderEnd::Released(edition) => {
                ("success", format!("L’édition {edition} est publiée et conservée pour toujours."))
            }
            OrderEnd::Unchanged(edition) => {
                ("info", format!("Rien n’a changé depuis l’édition {edition}, qui reste en vigueur."))
            }
            OrderEnd::Refused(why) => ("error", format!("Rien n’a été publié\u{a0}: {why}.")),
            OrderEnd::Failed => (
                "error",
                "Rien n’a été publié\u{a0}: les fichiers n’ont pas pu être établis. Demandez la publication \
                 une nouvelle fois\u{a0}; si cela se répète, prévenez l’administrateur du service."
                    .to_owned(),
            ),
        };
        Self { tone, at, told }
    }
}
