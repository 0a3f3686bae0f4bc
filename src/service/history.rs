//! Past amounts from before the service (rule 5).

use serde_json::json;

use crate::app::App;
use crate::domain::declaration::PastAmount;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::imports::history::{self, PastRow};
use crate::imports::{CellError, Limits, Refused};
use crate::service::{Result, ServiceError, registered, require_manager};
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// What an import of past amounts did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Rows that added an amount.
    pub added: usize,
    /// Rows that corrected one, with a reason.
    pub corrected: usize,
    /// Rows that said what is on file already.
    pub unchanged: usize,
}

/// Records every amount of the file, or none. The same row twice is a no-op;
/// another amount needs a reason; a year that has a campaign refuses it.
pub async fn import(app: &App, actor: &Actor, bytes: &[u8]) -> Result<Recorded> {
    require_manager(actor)?;
    let rows = history::read(bytes, &Limits::default())?;
    let now = app.now();
    let mut recorded = Recorded::default();
    let mut faults = Vec::new();
    let mut tx = app.db.begin().await?;
    for row in &rows {
        match record(&mut tx, actor, row, now).await {
            Ok(Outcome::Added) => recorded.added = recorded.added.saturating_add(1),
            Ok(Outcome::Corrected) => recorded.corrected = recorded.corrected.saturating_add(1),
            Ok(Outcome::Unchanged) => recorded.unchanged = recorded.unchanged.saturating_add(1),
            Err(ServiceError::Refused(refusal)) => {
                let column = match refusal.because {
                    Because::UnknownSiren => "siren",
                    Because::ReasonNeeded => "montant",
                    _ => "exercice",
                };
                let value = row.siren.to_string();
                faults.push(CellError::new(
                    refusal.because.code(),
                    (row.row, column),
                    &value,
                    refusal.message,
                    "corrigez ou retirez la ligne",
                ));
            }
            Err(error) => return Err(error),
        }
    }
    if !faults.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells: faults }));
    }
    if recorded.added.saturating_add(recorded.corrected) > 0 {
        let after = json!({"ajouts": recorded.added, "corrections": recorded.corrected}).to_string();
        let told = Told {
            at: now,
            actor: &actor.person,
            action: "history.import",
            subject: "reprise",
            before: None,
            after: Some(&after),
        };
        store::journal::append(&mut tx, told).await?;
        tx.commit().await?;
    }
    Ok(recorded)
}

enum Outcome {
    Added,
    Corrected,
    Unchanged,
}

async fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    row: &PastRow,
    now: crate::domain::instant::Instant,
) -> Result<Outcome> {
    let (siren, year) = (row.siren, row.flow_year);
    registered(tx, siren).await?;
    if let Some(campaign) = store::campaign::find(tx, year.campaign()).await?
        && campaign.cancelled_at.is_none()
    {
        let message =
            format!("l’exercice {year} a la campagne {}\u{a0}: ses montants s’y déclarent", campaign.year);
        return Err(ServiceError::refused(Because::YearHasCampaign, message));
    }
    let new = PastAmount {
        siren,
        flow_year: year,
        amount: row.amount,
        filed_on: row.filed_on,
        source: row.source.clone(),
    };
    let before = store::past_amount::effective(tx, siren, year).await?;
    let outcome = match &before {
        None => Outcome::Added,
        Some(before) if *before == new => return Ok(Outcome::Unchanged),
        Some(before) if row.reason.is_none() => {
            let shown = before.amount.map_or_else(|| "néant".to_owned(), |amount| amount.to_string());
            let message = format!(
                "{siren} a déjà un montant pour {year} ({shown}, {})\u{a0}: un autre montant demande un motif, dans la colonne «\u{a0}motif\u{a0}»",
                before.source
            );
            return Err(ServiceError::refused(Because::ReasonNeeded, message));
        }
        Some(_) => Outcome::Corrected,
    };
    store::past_amount::add(tx, &new, row.reason.as_deref(), &actor.person, now).await?;
    Ok(outcome)
}
