//! The quality of what was declared for a year: the effective lines read once, each check a list.

use std::collections::HashMap;

use futures_util::TryStreamExt;

use crate::app::App;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::line::Line;
use crate::domain::quality::{Finding, Reviewer};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::reports::quality;
use crate::service::campaign::existing;
use crate::service::{Result, require_manager};
use crate::store::{self, Tx};

/// A finding with the name of the collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name of the collectivity.
    pub name: String,
    /// What was found.
    pub finding: Finding,
}

/// Everything that deserves a look in a campaign, by check, then by collectivity.
pub async fn review(app: &App, actor: &Actor, year: CampaignYear) -> Result<Vec<Named>> {
    require_manager(actor)?;
    let flow_year = year.flow_year();
    let mut tx = app.db.snapshot().await?;
    tx.take_time().await?;
    existing(&mut tx, year).await?;
    let bodies = store::register::filed_of_year(&mut tx, flow_year).await?;
    let (mut reviewer, mut own) = (Reviewer::default(), vec![]);
    let mut of: Option<Siren> = None;
    let mut lines = store::line::stream_effective(&mut tx, flow_year);
    // They come body after body: the lines of one are held at a time.
    while let Some(filed) = lines.try_next().await? {
        if of != Some(filed.siren) {
            look(app, &mut reviewer, flow_year, of, &mut own).await;
            of = Some(filed.siren);
        }
        own.push(filed.line);
    }
    drop(lines);
    look(app, &mut reviewer, flow_year, of, &mut own).await;
    compare(&mut tx, &mut reviewer, flow_year).await?;
    let name = |siren: &Siren| bodies.get(siren).map_or_else(|| siren.to_string(), |body| body.name.clone());
    let named = |finding: Finding| Named { name: name(&finding.siren), finding };
    Ok(reviewer.finish().into_iter().map(named).collect())
}

/// Looks at the lines of a body; others may go on meanwhile.
async fn look(
    app: &App,
    reviewer: &mut Reviewer,
    year: FlowYear,
    siren: Option<Siren>,
    lines: &mut Vec<Line>,
) {
    if let Some(siren) = siren {
        reviewer.body(&app.codes, year, siren, lines);
        lines.clear();
        tokio::task::yield_now().await;
    }
}

/// Looks at the totals of those who declared both years.
async fn compare(tx: &mut Tx<'_>, reviewer: &mut Reviewer, year: FlowYear) -> Result<()> {
    let Ok(last) = FlowYear::new(year.get().saturating_sub(1)) else { return Ok(()) };
    let before = totals(tx, last).await?;
    for (siren, now) in totals(tx, year).await? {
        if let Some(before) = before.get(&siren) {
            reviewer.total(siren, *before, now);
        }
    }
    Ok(())
}

async fn totals(tx: &mut Tx<'_>, year: FlowYear) -> Result<HashMap<Siren, Euros>> {
    let seals = store::filing::effective_of_year(tx, year).await?;
    let counted = seals.into_iter().filter(|seal| seal.kind != FilingKind::Annulled);
    Ok(counted.map(|seal| (seal.siren, seal.total_own)).collect())
}

/// Findings as CSV.
pub fn csv(year: CampaignYear, found: &[Named]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let rows = found.iter().map(|named| (named.name.as_str(), &named.finding));
    quality::csv(year.flow_year(), rows, &mut out)?;
    Ok(out)
}
