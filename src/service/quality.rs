//! The quality of what was declared for a year: the effective lines read once, each check a list, and how complete
//! the whole is.

use std::collections::{BTreeMap, HashMap};

use futures_util::TryStreamExt;

use crate::app::App;
use crate::domain::codes::RecipientCode;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::line::Line;
use crate::domain::quality::Reviewer;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::reports::quality;
pub use crate::reports::quality::{Named, Review};
use crate::reports::{Bodies, ReportError};
use crate::service::campaign::existing;
use crate::service::{Result, require_manager};
use crate::store::{self, Tx};

/// Everything that deserves a look in a campaign.
///
/// # Errors
/// Refuses who does not manage.
pub async fn review(app: &App, actor: &Actor, year: CampaignYear) -> Result<Review> {
    require_manager(actor)?;
    let flow_year = year.flow_year();
    let mut tx = app.db.snapshot().await?;
    tx.take_time().await?;
    existing(&mut tx, year).await?;
    let bodies = store::register::filed_of_year(&mut tx, flow_year).await?;
    of_year(app, &mut tx, flow_year, &bodies, &|_siren| true).await
}

/// The same of a flow year, of the bodies that are `within`, from one snapshot.
pub(in crate::service) async fn of_year(
    app: &App,
    tx: &mut Tx<'_>,
    year: FlowYear,
    bodies: &Bodies,
    within: &(dyn Fn(Siren) -> bool + Send + Sync),
) -> Result<Review> {
    let mut looked = Looked { app, year, reviewer: Reviewer::default(), review: Review::default() };
    let (mut of, mut own): (Option<Siren>, Vec<Line>) = (None, vec![]);
    let mut lines = store::line::stream_effective(tx, year);
    // They come body after body: the lines of one are held at a time.
    while let Some(filed) = lines.try_next().await? {
        if !within(filed.siren) {
            continue;
        }
        if of != Some(filed.siren) {
            looked.at(of, &mut own).await?;
            of = Some(filed.siren);
        }
        own.push(filed.line);
    }
    drop(lines);
    looked.at(of, &mut own).await?;
    let Looked { mut reviewer, mut review, .. } = looked;
    compare(app, tx, &mut reviewer, year, within).await?;
    let named = |finding: crate::domain::quality::Finding| {
        let body = bodies.get(&finding.siren);
        Named { name: body.map_or_else(|| finding.siren.to_string(), |body| body.name.clone()), finding }
    };
    review.found = reviewer.finish().into_iter().map(named).collect();
    Ok(review)
}

/// What was looked at so far.
struct Looked<'a> {
    app: &'a App,
    year: FlowYear,
    reviewer: Reviewer,
    review: Review,
}

impl Looked<'_> {
    /// Looks at the lines of a body; others may go on meanwhile.
    async fn at(&mut self, siren: Option<Siren>, lines: &mut Vec<Line>) -> Result<()> {
        let Some(siren) = siren else { return Ok(()) };
        let codes = &self.app.codes;
        self.reviewer.body(codes, self.year, siren, lines);
        for line in lines.iter() {
            let counted = self.review.completeness.add(codes, self.year, line);
            counted.ok_or(ReportError::OutOfRange)?;
        }
        lines.clear();
        tokio::task::yield_now().await;
        Ok(())
    }
}

/// Looks at the totals, and at those of each country, of those who declared both years.
async fn compare(
    app: &App,
    tx: &mut Tx<'_>,
    reviewer: &mut Reviewer,
    year: FlowYear,
    within: &(dyn Fn(Siren) -> bool + Send + Sync),
) -> Result<()> {
    let Ok(last) = FlowYear::new(year.get().saturating_sub(1)) else { return Ok(()) };
    let (before, now) = (totals(tx, last, within).await?, totals(tx, year, within).await?);
    for (siren, now) in &now {
        if let Some(before) = before.get(siren) {
            reviewer.total(*siren, *before, *now);
        }
    }
    let mut countries: BTreeMap<(Siren, RecipientCode), i64> = BTreeMap::new();
    let mut payments = store::summary::stream_of_year(tx, last);
    while let Some((siren, payment)) = payments.try_next().await? {
        if now.contains_key(&siren) {
            let sum = countries.entry((siren, payment.recipient)).or_default();
            *sum = sum.saturating_add(payment.own.cents());
        }
    }
    drop(payments);
    let both = |siren: Siren| now.contains_key(&siren) && before.contains_key(&siren);
    reviewer.countries(&app.codes, year, &countries, both);
    Ok(())
}

async fn totals(
    tx: &mut Tx<'_>,
    year: FlowYear,
    within: &(dyn Fn(Siren) -> bool + Send + Sync),
) -> Result<HashMap<Siren, Euros>> {
    let seals = store::filing::effective_of_year(tx, year).await?;
    let counted = seals.into_iter().filter(|seal| seal.kind != FilingKind::Annulled && within(seal.siren));
    Ok(counted.map(|seal| (seal.siren, seal.total_own)).collect())
}

/// Findings as CSV.
pub fn csv(year: CampaignYear, found: &[Named]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    quality::csv(year.flow_year(), found, &mut out)?;
    Ok(out)
}
