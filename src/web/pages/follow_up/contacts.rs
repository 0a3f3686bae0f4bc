//! The contacts of a collectivity, for the ministry and for the prefecture of its region.

use askama::Template;
use axum::extract::{Path, State};

use crate::app::App;
use crate::domain::siren::Siren;
use crate::service::contact;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::account::contacts::Row;
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::visitor::Agent;

use super::{NAME, SECTION};

#[derive(Template)]
#[template(path = "follow_up/contacts.html")]
struct ContactsPage {
    layout: Layout,
    siren: Siren,
    rows: Vec<Row>,
    /// The campaign that is open, and whether it waits for the contacts.
    campaign: Option<String>,
    waits: bool,
}

/// Answers `GET /pilotage/contacts/{siren}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(siren): Path<String>,
) -> Answer {
    let siren: Siren = siren.parse().map_err(|_invalid| PageRefused::nothing_here())?;
    let view = contact::followed(&app, &current.actor, siren).await?;
    let layout = frame.titled(format!("Contacts\u{a0}: {}", view.name));
    page(&ContactsPage {
        layout: layout.under("/pilotage", "Pilotage").under(SECTION, NAME),
        siren,
        rows: view.contacts.iter().map(|contact| Row::of(contact, &view)).collect(),
        campaign: view.campaign.map(|year| year.to_string()),
        waits: view.waits(),
    })
}
