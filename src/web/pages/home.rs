//! The home page: where the campaign stands, and what to do now.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::instant::Instant;
use crate::domain::year::CampaignYear;
use crate::service::campaign;
use crate::web::layout::{Frame, Layout};
use crate::web::text;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    layout: Layout,
    standing: Option<Standing>,
    /// The campaign before the one that is planned, once its window has ended.
    last: Option<Standing>,
    published: Vec<CampaignYear>,
}

/// Where the campaign that people ask about stands.
struct Standing {
    year: CampaignYear,
    flow_year: String,
    state: CampaignState,
    opens_on: String,
    closes_on: String,
    /// What is left of the window, in words.
    left: String,
    extended: bool,
}

/// Answers `/`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame) -> Answer {
    let now = app.now();
    let campaigns = campaign::list(&app).await?;
    let published = campaigns.iter().filter(|one| one.state(now) == CampaignState::Published);
    let published = published.map(|one| one.year).rev().collect();
    let current = current(&campaigns, now);
    let last = current.filter(|one| one.state(now) == CampaignState::Planned).and_then(|next| {
        let ended = |one: &&Campaign| one.year < next.year && one.state(now) != CampaignState::Cancelled;
        campaigns.iter().rfind(ended)
    });
    let told = |one| Standing::of(one, now);
    let (standing, last) = (current.map(told), last.map(told));
    page(&Home { layout: frame.titled("Accueil"), standing, last, published })
}

/// The campaign that takes declarations; else the next one; else the last one.
fn current(campaigns: &[Campaign], now: Instant) -> Option<&Campaign> {
    let living = || campaigns.iter().filter(|one| one.state(now) != CampaignState::Cancelled);
    let first = |state| living().find(|one| one.state(now) == state);
    first(CampaignState::Open).or_else(|| first(CampaignState::Planned)).or_else(|| living().next_back())
}

impl Standing {
    fn of(campaign: &Campaign, now: Instant) -> Self {
        let closes_on = campaign.closes_on(now);
        Self {
            year: campaign.year,
            flow_year: campaign.year.flow_year().to_string(),
            state: campaign.state(now),
            opens_on: text::long_day(campaign.window.opens_on()),
            closes_on: text::long_day(closes_on),
            left: text::time_left(now, campaign.closes_at(now)),
            extended: closes_on != campaign.window.closes_on(),
        }
    }
}
