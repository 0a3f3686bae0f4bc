//! Last year's lines for this year: what lasts is kept, what was paid is not.

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::role::Actor;
use crate::domain::rules;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::Result;
use crate::service::declaration::footing::require_agent;
use crate::service::declaration::import::filed_lines;
use crate::service::declaration::line::{self, present};

/// What belongs to the payments of one year.
const OF_THE_YEAR: [Field; 8] = [
    Field::AmountPaid,
    Field::CofinancingReceived,
    Field::CofinancingState,
    Field::CofinancingCollectivities,
    Field::CofinancingOthers,
    Field::ServiceCosts,
    Field::AmountCommitted,
    Field::PaidOn,
];

/// A line of last year as this year would begin with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The line, without amounts.
    pub line: RawLine,
    /// What it said last year that this year refuses, emptied in the line.
    pub dropped: Vec<Dropped>,
    /// Whether this year's declaration has a line of this reference already.
    pub is_there: bool,
}

/// A text that this year refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Its field.
    pub field: Field,
    /// The text.
    pub text: String,
    /// French sentence: why.
    pub message: String,
}

/// The lines that counted last year, ready for this one.
pub async fn last_year(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Vec<Carried>> {
    let now = present(app, actor, siren, year).await?;
    let Ok(before) = FlowYear::new(year.get().saturating_sub(1)) else { return Ok(vec![]) };
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    let filed = filed_lines(&mut tx, siren, before).await?;
    let carried = filed.into_iter().map(|line| {
        let is_there = now.line(line.get(Field::Reference)).is_some();
        let (line, dropped) = renewed(app, year, line);
        Carried { line, dropped, is_there }
    });
    Ok(carried.collect())
}

/// Adds to the draft the lines of these references; gives how many there were.
pub async fn take(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    references: &[&str],
) -> Result<usize> {
    let wanted =
        |carried: &Carried| !carried.is_there && references.contains(&carried.line.get(Field::Reference));
    let lines = last_year(app, actor, siren, year).await?.into_iter().filter(wanted);
    let lines: Vec<RawLine> = lines.map(|carried| carried.line).collect();
    if lines.is_empty() {
        return Ok(0);
    }
    Ok(line::add(app, actor, (siren, year), lines).await?.len())
}

/// The line without what was of its year, and without what the rules of `year` refuse.
fn renewed(app: &App, year: FlowYear, mut line: RawLine) -> (RawLine, Vec<Dropped>) {
    for field in OF_THE_YEAR {
        line.set(field, "");
    }
    // Any amount that breaks no rule: only the other fields are asked about.
    let whole = line.clone().with(Field::AmountPaid, "1234,56");
    let issues = rules::check_lines(&app.codes, year, &[whole]).issues;
    let dropped: Vec<Dropped> = issues
        .into_iter()
        .filter(rules::Issue::is_error)
        .filter_map(|issue| {
            let field = issue.field?;
            Some(Dropped { field, text: line.get(field).to_owned(), message: issue.message })
        })
        .filter(|dropped| !dropped.text.is_empty())
        .collect();
    for dropped in &dropped {
        line.set(dropped.field, "");
    }
    (line, dropped)
}
