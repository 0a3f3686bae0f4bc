//! What was filed, as each role may read it (rules 3 and 15).

use crate::app::App;
use crate::domain::declaration::{FiledLine, Filing, Receipt};
use crate::domain::refusal::Because;
use crate::domain::reservation::Standing;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::access::require_reader;
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::receipt::Standings;
use crate::service::{Result, ServiceError};
use crate::store;

/// A version with its lines and its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullVersion {
    /// The version.
    pub filing: Filing,
    /// Its lines.
    pub lines: Vec<FiledLine>,
    /// Its receipt.
    pub receipt: Option<Receipt>,
    /// Where it stands.
    pub standing: Standing,
}

/// Every version of a declaration, the first one first: for its agents, its SGAR and the ministry; whether it counts
/// or not. Who awaits the attachment reads what they filed sous réserve.
pub async fn versions(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<Vec<FullVersion>> {
    let mut tx = app.db.snapshot().await?;
    let footing = match require_reader(app, &mut tx, actor, siren, year).await {
        Ok(()) => Footing::Attached,
        Err(error) => require_footing(&mut tx, actor, siren, year).await.map_err(|_none| error)?,
    };
    let mut filings = store::filing::versions(&mut tx, siren, year).await?;
    let standings = Standings::read(&mut tx, (siren, year), &filings, app.now()).await?;
    filings.retain(|filing| standings.are_shown(&footing, filing.version));
    let receipts = store::filing::receipts(&mut tx, siren, year).await?;
    let mut versions = Vec::with_capacity(filings.len());
    for filing in filings {
        let lines = store::line::of_version(&mut tx, siren, year, filing.version).await?;
        let receipt = receipts.iter().find(|receipt| receipt.version == filing.version).cloned();
        let standing = standings.of(filing.version);
        versions.push(FullVersion { filing, lines, receipt, standing });
    }
    Ok(versions)
}

/// Every version for whoever may read them all; `None` for whom only the public view is left.
pub async fn versions_if_reader(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<Option<Vec<FullVersion>>> {
    match versions(app, actor, siren, year).await {
        Ok(versions) => Ok(Some(versions)),
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::Forbidden => Ok(None),
        Err(error) => Err(error),
    }
}

/// The version that counts, with its lines.
pub async fn effective(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<FullVersion> {
    let versions = versions(app, actor, siren, year).await?;
    versions.into_iter().find(|version| version.standing.is_in_force()).ok_or_else(|| {
        let message = format!("{siren} n’a rien déposé pour l’exercice {year}");
        ServiceError::refused(Because::NothingFiled, message)
    })
}

/// One version, with its lines.
pub async fn version(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    number: u32,
) -> Result<FullVersion> {
    let versions = versions(app, actor, siren, year).await?;
    versions.into_iter().find(|version| version.filing.version == number).ok_or_else(|| {
        let message = format!("{siren} n’a pas de version {number} pour l’exercice {year}");
        ServiceError::refused(Because::NothingFiled, message)
    })
}
