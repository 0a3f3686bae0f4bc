//! The dashboard of a campaign: where the expected bodies stand, as a whole and by parts.

use askama::Template;
use axum::extract::{Path, Query, State};

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::follow_up::{Axis, Class, Group, Tally, days_left};
use crate::domain::scope::Scope;
use crate::service::follow_up::{self, Before, Dashboard};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::chart::Chart;
use super::map::{LEGEND, Shape, shapes};
use super::{Asked, base, query, read};

#[derive(Template)]
#[template(path = "follow_up/dashboard.html")]
struct DashboardPage {
    layout: Layout,
    base: String,
    year: String,
    territory: String,
    /// The whole country is looked at.
    is_national: bool,
    standing: String,
    rate: Option<String>,
    own: String,
    /// The campaign is not settled.
    is_provisional: bool,
    /// Those that filed without being expected.
    unexpected: Option<String>,
    /// The moment of the campaign before that is compared, and its year.
    before: Option<(String, String)>,
    figures: Vec<Figure>,
    associated: Option<Cell>,
    shapes: Vec<Shape>,
    legend: &'static [(&'static str, &'static str)],
    chart: Chart,
    parts: Vec<Part>,
    /// The query that keeps the region.
    kept: String,
    others: Vec<String>,
}

/// A class of the whole.
struct Figure {
    name: &'static str,
    now: Cell,
    share: String,
    before: String,
    is_part: bool,
}

/// A number with the list behind it.
struct Cell {
    text: String,
    address: String,
}

/// A table of parts.
struct Part {
    name: &'static str,
    head: &'static str,
    id: &'static str,
    rows: Vec<PartRow>,
}

struct PartRow {
    name: Cell,
    cells: Vec<Cell>,
    rate: String,
    own: String,
}

/// Answers `GET /pilotage/suivi`.
pub(in crate::web) async fn latest(State(app): State<App>, Agent(current): Agent) -> Answer {
    let year = follow_up::current(&app, &current.actor).await?;
    Ok(see(&base(year)))
}

/// Answers `GET /pilotage/suivi/{annee}`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    Agent(current): Agent,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let year = read(&year)?;
    let found = follow_up::dashboard(&app, &current.actor, year, asked.region()).await?;
    let campaigns = follow_up::campaigns(&app, &current.actor).await?;
    let region = asked.region().unwrap_or_default();
    let list = Lists { base: base(year), region };
    let is_national = found.view.scope == Scope::National;
    let territory = found.view.scope.name(&app.codes);
    let title = format!("Suivi de la campagne {year}");
    let layout = frame.titled(title).under("/pilotage", "Pilotage");
    let others = campaigns.iter().map(|campaign| campaign.year).filter(|other| *other != year);
    let by_region = found.parts.iter().find(|(axis, _)| *axis == Axis::Region).map(|(_, groups)| groups);
    page(&DashboardPage {
        standing: standing(&found),
        rate: found.tally.rate().map(|rate| format!("{rate}\u{a0}%")),
        own: found.tally.own.map_or_else(|| "–".to_owned(), text::euros),
        is_provisional: !matches!(
            found.view.campaign.state(found.view.at),
            CampaignState::Settled | CampaignState::Published
        ),
        unexpected: (found.tally.others > 0).then(|| {
            text::count(
                found.tally.others.into(),
                "collectivité qui a déposé sans être attendue",
                "collectivités qui ont déposé sans être attendues",
            )
        }),
        before: found.before.map(|before| (text::minute(before.at), before.year.to_string())),
        figures: figures(&found, &list),
        associated: (found.associated > 0).then(|| Cell {
            text: text::count(found.associated.into(), "collectivité", "collectivités"),
            address: list.at(&[]),
        }),
        shapes: by_region
            .filter(|_| is_national)
            .map(|groups| shapes(groups, &app.codes, &list.base))
            .unwrap_or_default(),
        legend: &LEGEND,
        chart: Chart::of(&found.pace),
        parts: parts(&found, &list),
        kept: query(&[("region", region)]),
        others: others.map(|other| other.to_string()).collect(),
        base: list.base.clone(),
        year: year.to_string(),
        layout,
        territory,
        is_national,
    })
}

/// Where the campaign stands, in a sentence.
fn standing(found: &Dashboard) -> String {
    let view = &found.view;
    let (opens, closes) = (view.campaign.window.opens_on(), view.campaign.closes_on(view.at));
    let state = view.campaign.state(view.at).label();
    let left = match days_left(&view.campaign, view.at) {
        left @ 1.. if view.at >= view.campaign.window.opens_at() => {
            let left = text::count(u64::try_from(left).unwrap_or_default(), "jour", "jours");
            format!(" Il reste {left}.")
        }
        0 => " C’est le dernier jour.".to_owned(),
        _ => String::new(),
    };
    format!(
        "Campagne {state}, versements de {}. Dépôts du {} au {}.{left}",
        view.year,
        text::long_day(opens),
        text::long_day(closes)
    )
}

/// Where the lists behind the numbers are.
struct Lists<'a> {
    base: String,
    region: &'a str,
}

impl Lists<'_> {
    /// The list with these filters, and the region that is looked at.
    fn at(&self, filters: &[(&str, &str)]) -> String {
        let has_region = filters.iter().any(|(name, _)| *name == "region");
        let region = [("region", if has_region { "" } else { self.region })];
        let query = query(&[filters, &region].concat());
        let sign = if query.is_empty() { "" } else { "?" };
        format!("{}/collectivites{sign}{query}", self.base)
    }

    fn number(&self, count: u32, filters: &[(&str, &str)]) -> Cell {
        Cell { text: text::thousands(count.into()), address: self.at(filters) }
    }
}

/// The classes with what counts in each, in the order of the page.
fn classes(tally: &Tally) -> [(Option<Class>, u32); 5] {
    [
        (None, tally.expected),
        (Some(Class::Declared), tally.declared),
        (Some(Class::Nil), tally.nil),
        (Some(Class::Draft), tally.draft),
        (Some(Class::Nothing), tally.nothing),
    ]
}

fn figures(found: &Dashboard, list: &Lists<'_>) -> Vec<Figure> {
    let tally = &found.tally;
    let counted = |of: fn(&Before) -> u32| {
        found.before.as_ref().map_or_else(|| "–".to_owned(), |before| text::thousands(of(before).into()))
    };
    let share = |count: u32| {
        let percent = (u64::from(count) * 100).checked_div(u64::from(tally.expected));
        percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}\u{a0}%"))
    };
    let figure = |name, class: Option<Class>, count, before, is_part| Figure {
        name,
        now: list.number(count, &[("classe", class.map_or("", Class::code))]),
        share: share(count),
        before,
        is_part,
    };
    let none = || "–".to_owned();
    vec![
        figure("Attendues", None, tally.expected, counted(|before| before.expected), false),
        figure(
            "Ont déposé",
            Some(Class::Filed),
            tally.filed(),
            counted(|before| before.declared.saturating_add(before.nil)),
            false,
        ),
        figure(
            "dont montants",
            Some(Class::Declared),
            tally.declared,
            counted(|before| before.declared),
            true,
        ),
        figure("dont néant", Some(Class::Nil), tally.nil, counted(|before| before.nil), true),
        figure("dont correction non déposée", Some(Class::Correcting), tally.correcting, none(), true),
        figure(
            "N’ont pas déposé",
            Some(Class::Missing),
            tally.missing(),
            counted(|before| before.expected.saturating_sub(before.declared).saturating_sub(before.nil)),
            false,
        ),
        figure("dont brouillon", Some(Class::Draft), tally.draft, none(), true),
        figure("dont rien", Some(Class::Nothing), tally.nothing, none(), true),
    ]
}

fn parts(found: &Dashboard, list: &Lists<'_>) -> Vec<Part> {
    let is_national = found.view.scope == Scope::National;
    let row = |axis: Axis, group: &Group| {
        let filter = (axis.parameter(), group.code.as_str());
        let cells = classes(&group.tally)
            .map(|(class, count)| list.number(count, &[filter, ("classe", class.map_or("", Class::code))]));
        let address = match axis {
            Axis::Region => format!("{}?{}", list.base, query(&[filter])),
            _ => list.at(&[filter]),
        };
        PartRow {
            name: Cell { text: group.name.clone(), address },
            cells: cells.into(),
            rate: group.tally.rate().map_or_else(|| "–".to_owned(), |rate| format!("{rate}\u{a0}%")),
            own: group.tally.own.map_or_else(|| "–".to_owned(), text::euros),
        }
    };
    let part = |(axis, groups): &(Axis, Vec<Group>)| Part {
        name: match axis {
            Axis::Region => "Par région",
            Axis::Departement => "Par département",
            Axis::Category => "Par catégorie de collectivités",
            Axis::Band => "Par population",
        },
        head: axis.label(),
        id: axis.parameter(),
        rows: groups.iter().map(|group| row(*axis, group)).collect(),
    };
    found.parts.iter().filter(|(axis, _)| is_national || *axis != Axis::Region).map(part).collect()
}
