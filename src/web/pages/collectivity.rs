//! The page of a collectivity: who it is, and what it declared, year by year, once published (rule 15).

use askama::Template;
use axum::extract::{Path, State};

use crate::app::App;
use crate::domain::eligibility::DescentKind;
use crate::domain::euros::Euros;
use crate::domain::siren::Siren;
use crate::service::declaration::public::{self, Published};
use crate::service::register::{self, Relative, Sheet};
use crate::web::layout::{Frame, Layout};
use crate::web::refusal::PageRefused;
use crate::web::text;

use super::{Answer, page};

#[derive(Template)]
#[template(path = "collectivity.html")]
struct CollectivityPage {
    layout: Layout,
    facts: Vec<(&'static str, String)>,
    predecessors: Vec<Kin>,
    successors: Vec<Kin>,
    years: Vec<Year>,
    chart: Chart,
}

/// A body before or after this one.
struct Kin {
    siren: String,
    name: String,
    how: &'static str,
    on: String,
}

/// What can be said of a year.
struct Year {
    of: String,
    amount: Option<String>,
    refugees: Option<String>,
    told: String,
    has_file: bool,
}

/// One bar a year, of the amounts that the table has.
struct Chart {
    bars: Vec<Bar>,
    width: u64,
}

struct Bar {
    x: u64,
    y: u64,
    height: u64,
    middle: u64,
    year: String,
    amount: String,
}

/// Answers `/collectivites/{siren}`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Path(siren): Path<String>) -> Answer {
    let Ok(siren) = siren.parse::<Siren>() else { return Err(PageRefused::nothing_here()) };
    let Some(sheet) = register::show(&app, siren).await? else { return Err(PageRefused::nothing_here()) };
    let published = public::years(&app, siren).await?;
    let layout = frame.titled(sheet.body.name()).under("/collectivites", "Chercher une collectivité");
    page(&CollectivityPage {
        layout,
        facts: facts(&app, siren, &sheet),
        predecessors: sheet.predecessors.iter().map(Kin::of).collect(),
        successors: sheet.successors.iter().map(Kin::of).collect(),
        chart: Chart::of(&published),
        years: published.iter().map(Year::of).collect(),
    })
}

fn facts(app: &App, siren: Siren, sheet: &Sheet) -> Vec<(&'static str, String)> {
    let mut facts = vec![("SIREN", siren.to_string())];
    if let Some(state) = sheet.body.current() {
        facts.push(("Type", state.attributes.kind.label().to_owned()));
        if state.attributes.code != siren.as_str() {
            facts.push(("Code INSEE", state.attributes.code.clone()));
        }
        if let Some(departement) = &state.attributes.departement {
            facts.push(("Département", departement.clone()));
        }
        let region = app.codes.regions().latest(&state.attributes.region);
        facts.push((
            "Région",
            region.map_or_else(|| state.attributes.region.clone(), |region| region.name_fr.to_string()),
        ));
        if let Some(population) = state.attributes.population {
            facts.push(("Population", text::count(population.into(), "habitant", "habitants")));
        }
    }
    if let Some(last) = sheet.body.exists_until {
        facts.push(("N’existe plus depuis le", text::long_day(last.next())));
    }
    facts
}

impl Kin {
    fn of(relative: &Relative) -> Self {
        let how = match relative.kind {
            DescentKind::Merger => "fusion",
            DescentKind::Split => "scission",
        };
        let (siren, name) = (relative.siren.to_string(), relative.name.clone());
        Self { siren, name, how, on: text::long_day(relative.on) }
    }
}

impl Year {
    fn of(published: &Published) -> Self {
        let mut told = published.status.label().to_owned();
        if let Some(source) = &published.source {
            told = format!("{told} (source\u{a0}: {source})");
        }
        if let Some(at) = published.rectified_at {
            told = format!("chiffre rectifié le {}", text::long_day(at.day_in_paris()));
        }
        Self {
            of: published.flow_year.to_string(),
            amount: published.own_resources.filter(|amount| !amount.is_zero()).map(text::euros),
            refugees: published.refugees().map(text::euros),
            told,
            has_file: !published.lines.is_empty(),
        }
    }
}

impl Chart {
    /// Width of a bar with the gap after it, of a bar, and height of the highest, in units of the drawing.
    const STEP: u64 = 72;
    const BAR: u64 = 44;
    const HEIGHT: u64 = 160;
    const TOP: u64 = 24;

    /// The years that have an amount, the first one first.
    fn of(published: &[Published]) -> Self {
        let amounts: Vec<(String, Euros)> = published
            .iter()
            .rev()
            .filter_map(|year| Some((year.flow_year.to_string(), year.own_resources?)))
            .collect();
        let cents = |amount: &Euros| u64::try_from(amount.cents()).unwrap_or_default();
        let highest = amounts.iter().map(|(_, amount)| cents(amount)).max().unwrap_or_default().max(1);
        let bars = (0_u64..).zip(&amounts).map(|(place, (year, amount))| {
            let height =
                u64::try_from(u128::from(cents(amount)) * u128::from(Self::HEIGHT) / u128::from(highest))
                    .unwrap_or_default();
            Bar {
                x: place * Self::STEP + (Self::STEP - Self::BAR) / 2,
                y: Self::TOP + Self::HEIGHT - height,
                height,
                middle: place * Self::STEP + Self::STEP / 2,
                year: year.clone(),
                amount: text::magnitude(*amount),
            }
        });
        let bars: Vec<Bar> = bars.collect();
        Self { width: Self::STEP * u64::try_from(bars.len()).unwrap_or_default(), bars }
    }
}
