//! What anyone may read of a declaration (rule 15): nothing before its campaign is published.

use std::collections::BTreeSet;

use crate::app::App;
use crate::domain::campaign::CampaignState;
use crate::domain::declaration::FiledLine;
use crate::domain::eligibility::Body;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::publication::PublicStatus;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::publication::put_titles;
use crate::service::{Result, registered};
use crate::store::{self, Tx};

/// The nature of what is spent on the reception of refugees.
const REFUGEES: &str = "refugies";

/// What can be said in public about a body and a flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// What can be said.
    pub status: PublicStatus,
    /// Own resources, where there is an amount.
    pub own_resources: Option<Euros>,
    /// When the figure was rectified, if it was.
    pub rectified_at: Option<Instant>,
    /// Where a past amount comes from.
    pub source: Option<String>,
    /// The effective lines, of which only the public fields may be shown.
    pub lines: Vec<FiledLine>,
}

impl Published {
    /// Own resources spent on the reception of refugees, if any: part of [`Published::own_resources`], which
    /// was found to fit when it was filed, told apart.
    #[must_use]
    pub fn refugees(&self) -> Option<Euros> {
        let lines = self.lines.iter().filter(|filed| filed.line.nature.as_str() == REFUGEES);
        let sum = Euros::checked_sum(lines.map(|filed| filed.line.own_resources()));
        sum.filter(|sum| !sum.is_zero())
    }
}

/// What anyone may read.
pub async fn published(app: &App, siren: Siren, year: FlowYear) -> Result<Published> {
    let (mut tx, _origin) = app.replica.snapshot(&app.db).await?;
    let body = registered(&mut tx, siren).await?;
    of_year(app, &mut tx, &body, siren, year).await
}

/// What anyone may read of a body, for every year of which something can be said: those of the campaigns that
/// began, and those of past amounts; the last one first.
pub async fn years(app: &App, siren: Siren) -> Result<Vec<Published>> {
    let now = app.now();
    let (mut tx, _origin) = app.replica.snapshot(&app.db).await?;
    let body = registered(&mut tx, siren).await?;
    let campaigns = store::campaign::all(&mut tx).await?;
    let begun = campaigns
        .iter()
        .filter(|campaign| !matches!(campaign.state(now), CampaignState::Planned | CampaignState::Cancelled));
    let mut years: BTreeSet<FlowYear> = begun.map(|campaign| campaign.year.flow_year()).collect();
    years.extend(store::past_amount::years_of(&mut tx, siren).await?);
    let mut told = Vec::with_capacity(years.len());
    for year in years.into_iter().rev() {
        told.push(of_year(app, &mut tx, &body, siren, year).await?);
    }
    Ok(told)
}

async fn of_year(app: &App, tx: &mut Tx<'_>, body: &Body, siren: Siren, year: FlowYear) -> Result<Published> {
    let nothing = Published {
        siren,
        flow_year: year,
        status: PublicStatus::Nothing,
        own_resources: None,
        rectified_at: None,
        source: None,
        lines: vec![],
    };
    if !body.existed_in(year) {
        return Ok(Published { status: PublicStatus::DidNotExist, ..nothing });
    }
    let campaign = store::campaign::find(tx, year.campaign()).await?;
    match campaign.map(|campaign| campaign.state(app.now())) {
        Some(CampaignState::Published) => of_published_year(tx, nothing).await,
        None | Some(CampaignState::Cancelled) => of_past_year(tx, nothing).await,
        Some(_) => Ok(Published { status: PublicStatus::NotPublished, ..nothing }),
    }
}

async fn of_published_year(tx: &mut Tx<'_>, nothing: Published) -> Result<Published> {
    let (siren, year) = (nothing.siren, nothing.flow_year);
    let filing = store::filing::effective(tx, siren, year).await?;
    let Some(filing) = filing.filter(|filing| filing.kind != FilingKind::Annulled) else {
        let expected = store::publication::was_expected(tx, siren, year).await?;
        let status = if expected { PublicStatus::NotDeclared } else { PublicStatus::Nothing };
        return Ok(Published { status, ..nothing });
    };
    let status = if filing.line_count == 0 { PublicStatus::Nil } else { PublicStatus::Declared };
    let mut lines = store::line::of_version(tx, siren, year, filing.version).await?;
    put_titles(&store::public_title::of_year(tx, year).await?, &mut lines);
    Ok(Published {
        status,
        own_resources: Some(filing.total_own),
        rectified_at: (filing.kind == FilingKind::Rectified).then_some(filing.filed_at),
        lines,
        ..nothing
    })
}

async fn of_past_year(tx: &mut Tx<'_>, nothing: Published) -> Result<Published> {
    let past = store::past_amount::effective(tx, nothing.siren, nothing.flow_year).await?;
    Ok(match past {
        None => nothing,
        Some(past) => Published {
            status: if past.amount.is_some() { PublicStatus::PastAmount } else { PublicStatus::PastNil },
            own_resources: past.amount,
            source: Some(past.source),
            ..nothing
        },
    })
}
