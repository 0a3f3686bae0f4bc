//! What the agent prepared before the attachment: added to the declaration, or dropped.

use axum::extract::State;

use crate::app::App;
use crate::service::declaration::left_over;
use crate::web::pages::Answer;
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Posted, see};

use super::{Desk, Place};

/// Answers `POST …/brouillon-d-avant`.
pub(in crate::web) async fn decide(
    State(app): State<App>,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    match typed.get("action") {
        "ajouter" => drop(left_over::add(&app, &desk.agent.actor, desk.key()).await?),
        "abandonner" => left_over::drop(&app, &desk.agent.actor, desk.key()).await?,
        _ => return Err(PageRefused::unreadable_form()),
    }
    Ok(see(&desk.base()))
}
