//! What is APD, what is declared and what is not, by examples; and where everything is.

use askama::Template;

use crate::web::layout::{Frame, Layout};

use super::{Answer, page};

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    layout: Layout,
}

/// Answers `/aide`.
pub(in crate::web) async fn show(frame: Frame) -> Answer {
    page(&Help { layout: frame.titled("Aide") })
}

#[derive(Template)]
#[template(path = "site_map.html")]
struct SiteMap {
    layout: Layout,
}

/// Answers `/plan-du-site`.
pub(in crate::web) async fn site_map(frame: Frame) -> Answer {
    page(&SiteMap { layout: frame.titled("Plan du site") })
}
