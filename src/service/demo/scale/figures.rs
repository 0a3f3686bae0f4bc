//! What a demonstration of national scale holds, as read back from the database.

use crate::app::App;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::demo::DemoError;
use crate::store::{self, StoreError};

/// What it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Bodies of the register.
    pub bodies: usize,
    /// Each flow year, oldest first.
    pub years: Vec<OfYear>,
}

/// What it holds of one flow year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfYear {
    /// The flow year.
    pub year: FlowYear,
    /// Effective declarations with lines.
    pub declarations: usize,
    /// Effective nil declarations.
    pub nil: usize,
    /// Versions of any kind.
    pub versions: i64,
    /// Effective lines.
    pub lines: u64,
    /// Own resources of these lines.
    pub own: Euros,
}

pub async fn read(app: &App, campaigns: &[CampaignYear]) -> Result<Figures, DemoError> {
    let mut tx = app.db.snapshot().await?;
    let mut figures = Figures { bodies: 0, years: Vec::with_capacity(campaigns.len()) };
    for year in campaigns.iter().map(|campaign| campaign.flow_year()) {
        let filings = store::filing::effective_of_year(&mut tx, year).await?;
        let own = Euros::checked_sum(filings.iter().map(|filing| filing.total_own));
        let own = own.ok_or_else(|| StoreError::Inconsistent {
            table: "filing",
            detail: format!("the total of {year} is out of range"),
        })?;
        figures.years.push(OfYear {
            year,
            declarations: filings.iter().filter(|filing| filing.line_count > 0).count(),
            nil: filings
                .iter()
                .filter(|filing| filing.line_count == 0 && filing.kind != FilingKind::Annulled)
                .count(),
            versions: store::filing::count_of_year(&mut tx, year).await?,
            lines: filings.iter().map(|filing| u64::from(filing.line_count)).sum(),
            own,
        });
    }
    if let Some(last) = figures.years.last() {
        figures.bodies = store::register::of_year(&mut tx, last.year).await?.len();
    }
    Ok(figures)
}
