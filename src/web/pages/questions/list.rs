//! The questions to the collectivities that one follows: by campaign, by state, by pages.

use askama::Template;
use axum::extract::{Query, State as Extracted};
use serde::Deserialize;

use crate::app::App;
use crate::domain::question::State;
use crate::domain::year::CampaignYear;
use crate::service::question::{self, Filter, Listed};
use crate::web::layout::{Frame, Layout};
use crate::web::pager::Pager;
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::Agent;

use super::{QUESTIONS, standing};

/// Questions on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "questions/list.html")]
struct ListPage {
    layout: Layout,
    /// Whether one may ask too.
    asks: bool,
    /// The campaigns: year, whether it is chosen.
    campaigns: Vec<(String, bool)>,
    /// The states: word, name, whether it is chosen.
    states: Vec<(&'static str, &'static str, bool)>,
    counted: String,
    rows: Vec<Row>,
    address: &'static str,
    pager: Pager,
}

struct Row {
    address: String,
    name: String,
    siren: String,
    year: String,
    about: String,
    asked: String,
    standing: String,
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    campagne: String,
    etat: String,
    page: String,
}

/// Answers `GET /pilotage/questions`.
pub(in crate::web) async fn show(
    Extracted(app): Extracted<App>,
    frame: Frame,
    Agent(current): Agent,
    Query(asked): Query<Asked>,
) -> Answer {
    let campaign = asked.campagne.trim().parse::<CampaignYear>().ok();
    let state = State::ALL.into_iter().find(|state| state.code() == asked.etat);
    let filter = Filter { year: campaign.map(CampaignYear::flow_year), state };
    let found = question::list(&app, &current.actor, filter).await?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(campaign) = campaign {
        query.append_pair("campagne", &campaign.to_string());
    }
    if let Some(state) = state {
        query.append_pair("etat", state.code());
    }
    let (pager, before) = Pager::of(&asked.page, found.listed.len(), PAGE, query.finish());
    let count = u64::try_from(found.listed.len()).unwrap_or_default();
    let counted = text::count(count, "question", "questions");
    let campaigns = found.years.iter().map(|year| year.campaign());
    page(&ListPage {
        layout: frame
            .titled("Questions aux collectivités")
            .under("/pilotage", "Pilotage")
            .led_by(counted.clone()),
        asks: question::require_asker(&current.actor).is_ok(),
        campaigns: campaigns.map(|year| (year.to_string(), Some(year) == campaign)).collect(),
        states: State::ALL.map(|known| (known.code(), known.label(), Some(known) == state)).into(),
        counted,
        rows: found.listed.iter().skip(before).take(PAGE).map(row).collect(),
        address: QUESTIONS.0,
        pager,
    })
}

fn row(listed: &Listed) -> Row {
    let question = &listed.question;
    let by = listed.asked_by.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    Row {
        address: format!("{}/{}", QUESTIONS.0, question.id),
        name: listed.name.clone(),
        siren: question.siren.to_string(),
        year: question.flow_year.to_string(),
        about: question.reference.clone().unwrap_or_else(|| "toute la déclaration".to_owned()),
        asked: format!("le {} par {}{by}", text::minute(question.asked_at), question.asker.label()),
        standing: standing(question),
    }
}
