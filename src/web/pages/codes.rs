//! The codes of the fictitious people of a demonstration, who have no telephone.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::service::demo::staff::{self, DemoCode};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "codes.html")]
struct Codes {
    layout: Layout,
    codes: Vec<DemoCode>,
}

/// Answers `/demo/codes`; there is no such page in production.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame) -> Answer {
    let codes = staff::codes(&app).await?.ok_or_else(PageRefused::nothing_here)?;
    page(&Codes { layout: frame.titled("Codes de la démonstration"), codes })
}
