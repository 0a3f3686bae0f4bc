//! What a report is made from: one snapshot, so that every sheet tells the same state.

use std::sync::Arc;

use crate::app::App;
use crate::domain::campaign::Campaign;
use crate::domain::declaration::Seal;
use crate::domain::instant::Instant;
use crate::domain::publication::PublicTitles;
use crate::domain::refusal::Because;
use crate::domain::scope::Scope;
use crate::domain::year::FlowYear;
use crate::reports::{Bodies, Context, FilingCounts, Reads, ReportError, ReportName, Status, Unit};
use crate::service::report::crs::Numbers;
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

/// A snapshot with what every report needs of it.
pub(super) struct Source {
    /// The snapshot.
    pub tx: Tx<'static>,
    /// The campaign.
    pub campaign: Campaign,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// The versions that count.
    pub filings: Vec<Seal>,
    /// The titles that are public in place of those declared.
    pub titles: PublicTitles,
    /// What a release keeps to give identifiers of the CRS; none where none are given.
    pub numbers: Option<Numbers>,
    /// Each body as the register holds it in the flow year.
    pub bodies: Arc<Bodies>,
}

impl Source {
    /// Opens a snapshot for a report.
    pub(super) async fn open(app: &App, name: ReportName, flow_year: FlowYear) -> Result<Self> {
        Self::on(app.db.snapshot().await?, name, flow_year).await
    }

    /// The same on a snapshot of the caller's.
    pub(super) async fn on(mut tx: Tx<'static>, name: ReportName, flow_year: FlowYear) -> Result<Self> {
        tx.take_time().await?;
        let year = flow_year.campaign();
        let campaign = store::campaign::find(&mut tx, year).await?.ok_or_else(|| {
            let message =
                format!("aucune campagne {year}\u{a0}: il n’y a pas de rapport de l’exercice {flow_year}");
            ServiceError::refused(Because::UnknownReport, message)
        })?;
        let filings = store::filing::effective_of_year(&mut tx, flow_year).await?;
        let bodies = match name.reads() {
            // Who has not filed is found in the whole register.
            Reads::Expected => store::register::of_year(&mut tx, flow_year).await?,
            _ => store::register::filed_of_year(&mut tx, flow_year).await?,
        };
        let titles = store::public_title::of_year(&mut tx, flow_year).await?;
        Ok(Self { tx, campaign, flow_year, filings, titles, numbers: None, bodies: Arc::new(bodies) })
    }

    /// Whether the campaign is settled: from here its figures change by managers' versions only.
    pub(super) fn is_settled(&self) -> bool {
        self.campaign.settled_at.is_some()
    }

    /// The instant that dates the figures: the last filing that counts or the settlement, whichever is later.
    fn data_at(&self) -> Instant {
        let filed = self.filings.iter().map(|filing| filing.filed_at).max();
        let opened = self.campaign.window.opens_at();
        filed.into_iter().chain(self.campaign.settled_at).max().unwrap_or(opened)
    }

    /// What a report is given.
    pub(super) fn context(&self, app: &App, status: Status, scope: Scope, unit: Unit) -> Result<Context> {
        let in_scope = |filing: &Seal| {
            let body = self.bodies.get(&filing.siren);
            body.is_none_or(|body| scope.holds(&body.region, &app.codes))
        };
        let filings =
            FilingCounts::of(self.filings.iter().copied().filter(in_scope)).ok_or(ReportError::OutOfRange)?;
        Ok(Context {
            flow_year: self.flow_year,
            status,
            unit,
            data_at: self.data_at(),
            codes: Arc::clone(&app.codes),
            bodies: Arc::clone(&self.bodies),
            filings,
            scope,
        })
    }
}
