//! Finding a collectivity by name, SIREN, INSEE code or postcode.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::domain::codes::CodeLists;
use crate::domain::collectivity::Collectivity;
use crate::service::register::{self, PAGE};
use crate::service::this_year;
use crate::web::layout::{Frame, Layout};
use crate::web::text;

use super::{Answer, page};

/// Pages that can be asked for.
const PAGES_MAX: u32 = 100_000;

/// What was typed; anything unreadable is as if it were not there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    page: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Results {
    layout: Layout,
    typed: String,
    found: Option<FoundPage>,
}

struct FoundPage {
    total: u64,
    counted: String,
    bodies: Vec<Row>,
    pager: Pager,
}

struct Row {
    siren: Option<String>,
    name: String,
    kind: &'static str,
    place: String,
    ended: Option<String>,
}

/// Where one is among the pages of a list.
pub(super) struct Pager {
    pub(super) page: u32,
    pub(super) pages: u32,
    pub(super) query: String,
}

/// Answers `/collectivites`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Answer {
    let typed = asked.q.trim().to_owned();
    let layout = frame.titled("Chercher une collectivité");
    if typed.is_empty() {
        return page(&Results { layout, typed, found: None });
    }
    let number = asked.page.trim().parse().unwrap_or(1).clamp(1, PAGES_MAX);
    let found = register::search(&app, &typed, None, None, this_year(&app)?, number).await?;
    let pages = u32::try_from(found.total.div_ceil(u64::from(PAGE))).unwrap_or(PAGES_MAX);
    let counted = text::count(found.total, "collectivité trouvée", "collectivités trouvées");
    let bodies = found.bodies.into_iter().map(|body| row(&app.codes, body)).collect();
    let pager = Pager { page: number, pages, query: query(&typed) };
    let layout =
        layout.led_by(format!("{counted} pour «\u{a0}{}\u{a0}»", crate::domain::text::excerpt(&typed, 60)));
    let found = FoundPage { total: found.total, counted, bodies, pager };
    page(&Results { layout, typed, found: Some(found) })
}

fn row(codes: &CodeLists, body: Collectivity) -> Row {
    let region = codes.regions().latest(&body.region).map_or("", |region| &*region.name_fr);
    let place = match body.departement.as_deref() {
        Some(departement) => format!("département {departement}, {region}"),
        None => region.to_owned(),
    };
    Row {
        siren: body.siren.map(|siren| siren.to_string()),
        name: body.name,
        kind: body.kind.label(),
        place,
        ended: body.exists_until.map(text::long_day),
    }
}

/// The query of the other pages of the same search.
fn query(typed: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish()
}
