//! Last year's lines, to be taken without their amounts.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::field::Field;
use crate::service::declaration::carry_over::{self, Carried};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::visitor::{Agent, Posted, see};

use super::{Desk, Place};

#[derive(Template)]
#[template(path = "declare/carry_over.html")]
struct CarryOverPage {
    layout: Layout,
    base: String,
    before: u16,
    year: String,
    rows: Vec<Row>,
    can_take: bool,
}

/// A line of last year.
struct Row {
    id: usize,
    reference: String,
    title: String,
    recipient: String,
    is_there: bool,
    dropped: Vec<String>,
}

/// Answers `GET …/reprise`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let carried = carry_over::last_year(&app, &desk.agent.actor, desk.siren, desk.year).await?;
    let rows: Vec<Row> = carried.iter().enumerate().map(|(id, carried)| row(&app, id, carried)).collect();
    page(&CarryOverPage {
        layout: desk.layout(frame, "Reprendre l’an dernier"),
        base: desk.base(),
        before: desk.year.get().saturating_sub(1),
        year: desk.year.to_string(),
        can_take: desk.overview.takes_drafts() && rows.iter().any(|row| !row.is_there),
        rows,
    })
}

/// Answers `POST …/reprise`.
pub(in crate::web) async fn take(
    State(app): State<App>,
    place: Place,
    Posted { agent, typed }: Posted,
) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let references: Vec<&str> = typed.all("ligne").collect();
    carry_over::take(&app, &desk.agent.actor, desk.key(), &references).await?;
    Ok(see(&desk.base()))
}

fn row(app: &App, id: usize, carried: &Carried) -> Row {
    let Carried { line, dropped, is_there } = carried;
    let dropped = dropped.iter().map(|dropped| {
        format!(
            "{}\u{a0}: «\u{a0}{}\u{a0}» à choisir de nouveau. {}",
            dropped.field.label(),
            dropped.text,
            dropped.message
        )
    });
    let recipient = line.get(Field::Recipient);
    Row {
        id,
        reference: line.get(Field::Reference).to_owned(),
        title: line.get(Field::Title).to_owned(),
        recipient: app.codes.find_recipient(recipient).map_or(recipient, |row| &*row.name_fr).to_owned(),
        is_there: *is_there,
        dropped: dropped.collect(),
    }
}
