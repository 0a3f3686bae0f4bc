//! What the draft amounts to, what is to be mended, what is to be confirmed: the page before the signature.

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::domain::field::Field;
use crate::domain::recap::{Recap, Subtotal, recap};
use crate::service::declaration::draft::Draft;
use crate::service::declaration::overview::{Review, review};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, see};

use super::{Desk, LineRow, Place, encoded};

#[derive(Template)]
#[template(path = "declare/recap.html")]
struct RecapPage {
    layout: Layout,
    base: String,
    lines: Vec<LineRow>,
    sums: Sums,
    points: Points,
    takes_filings: bool,
    takes_drafts: bool,
    counts: Option<u32>,
}

/// The sums of a declaration, as they read.
pub(super) struct Sums {
    pub(super) count: String,
    pub(super) paid: String,
    pub(super) magnitude: String,
    pub(super) own: String,
    pub(super) breakdowns: Vec<Breakdown>,
}

/// The sums by one of the codes.
pub(super) struct Breakdown {
    pub(super) name: &'static str,
    /// What the rows are.
    pub(super) head: &'static str,
    /// Heading, number of lines, own resources.
    pub(super) rows: Vec<(String, String, String)>,
}

/// What is to be mended, and what is to be confirmed.
pub(super) struct Points {
    /// Faults, each with the line that it leads to.
    pub(super) faults: Vec<Point>,
    /// Warnings.
    pub(super) warnings: Vec<Point>,
}

/// One of them.
pub(super) struct Point {
    pub(super) address: Option<String>,
    pub(super) title: String,
    pub(super) message: String,
}

/// Answers `GET …/recapitulatif`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, place: Place, agent: Agent) -> Answer {
    let desk = Desk::open(&app, &place, &agent).await?;
    let Some(draft) = desk.overview.draft.clone() else { return Ok(see(&desk.base())) };
    let (sums, points) = reviewed(&app, &desk, &draft).await?;
    let fault = |reference: &str| {
        let address = line_address(&desk, reference);
        let found = points.faults.iter().find(|point| point.address.as_ref() == Some(&address));
        found.map(|point| point.message.clone())
    };
    let lines =
        draft.lines.iter().map(|line| LineRow::of(&app, &desk, line, fault(line.get(Field::Reference))));
    page(&RecapPage {
        layout: desk.layout(frame, "Vérifier la déclaration"),
        base: desk.base(),
        lines: lines.collect(),
        sums,
        points,
        takes_filings: desk.overview.takes_filings,
        takes_drafts: desk.overview.takes_drafts(),
        counts: desk.overview.effective().map(|filed| filed.filing.version),
    })
}

fn line_address(desk: &Desk, reference: &str) -> String {
    desk.address(&format!("lignes/{}", encoded(reference)))
}

/// The sums of a draft, and its points.
pub(super) async fn reviewed(app: &App, desk: &Desk, draft: &Draft) -> Result<(Sums, Points), PageRefused> {
    let Review { lines, issues, remarks } = review(app, &desk.agent.actor, desk.key(), draft).await?;
    let sums = Sums::of(&recap(&app.codes, desk.year, &lines), lines.len());
    let mut points = Points { faults: vec![], warnings: vec![] };
    for issue in &issues {
        let line = draft.lines.get(issue.line);
        let text = |field| line.map_or("", |line| line.get(field));
        let reference = text(Field::Reference);
        let point = Point {
            address: line.map(|_| line_address(desk, reference)),
            title: Some(text(Field::Title)).filter(|title| !title.is_empty()).unwrap_or(reference).to_owned(),
            message: format!("{} {}", issue.message, issue.hint).trim().to_owned(),
        };
        if issue.is_error() { points.faults.push(point) } else { points.warnings.push(point) }
    }
    points.warnings.extend(remarks.into_iter().map(|remark| Point {
        address: remark.reference.as_deref().map(|reference| line_address(desk, reference)),
        title: remark.reference.unwrap_or_else(|| "Ensemble de la déclaration".to_owned()),
        message: remark.message,
    }));
    Ok((sums, points))
}

impl Sums {
    fn of(recap: &Recap, count: usize) -> Self {
        let row = |sum: &Subtotal| {
            let count = text::thousands(u64::try_from(sum.lines).unwrap_or_default());
            (sum.name.clone(), count, text::euros(sum.own))
        };
        let rows = |sums: &[Subtotal]| sums.iter().map(row).collect();
        Self {
            count: text::count(u64::try_from(count).unwrap_or_default(), "ligne", "lignes"),
            paid: text::euros(recap.paid),
            magnitude: text::magnitude(recap.paid),
            own: text::euros(recap.own),
            breakdowns: vec![
                Breakdown { name: "Par pays", head: "Pays", rows: rows(&recap.by_recipient) },
                Breakdown { name: "Par secteur", head: "Secteur", rows: rows(&recap.by_sector) },
            ],
        }
    }
}
