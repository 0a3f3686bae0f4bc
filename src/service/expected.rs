//! Expected bodies that a list or a person names (rule 11).

use serde_json::json;

use crate::app::App;
use crate::domain::role::Actor;
use crate::domain::year::CampaignYear;
use crate::imports::expected;
use crate::imports::{CellError, Limits, Refused};
use crate::service::campaign::existing;
use crate::service::{Result, ServiceError, registered, require_manager};
use crate::store;
use crate::store::expected::{Expectation, Origin};
use crate::store::journal::Told;

/// What an import of expected bodies did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// Bodies expected from now on.
    pub added: usize,
    /// Bodies that were expected already.
    pub unchanged: usize,
}

/// Makes every body of the list expected in a campaign, or none.
pub async fn import(app: &App, actor: &Actor, year: CampaignYear, bytes: &[u8]) -> Result<Listed> {
    require_manager(actor)?;
    let rows = expected::read(bytes, &Limits::default())?;
    let now = app.now();
    let (mut listed, mut faults) = (Listed::default(), Vec::new());
    let mut tx = app.db.begin().await?;
    existing(&mut tx, year).await?;
    for row in &rows {
        match registered(&mut tx, row.siren).await {
            Ok(_body) => {}
            Err(ServiceError::Refused(refusal)) => {
                let hint = "corrigez le numéro, ou complétez d’abord le registre";
                let value = row.siren.to_string();
                faults.push(CellError::new(
                    refusal.because.code(),
                    (row.row, "siren"),
                    &value,
                    refusal.message,
                    hint,
                ));
                continue;
            }
            Err(error) => return Err(error),
        }
        let expectation = Expectation { expected: true, origin: Origin::List, reason: row.reason.clone() };
        if store::expected::last(&mut tx, year, row.siren).await?.as_ref() == Some(&expectation) {
            listed.unchanged = listed.unchanged.saturating_add(1);
            continue;
        }
        store::expected::decide(&mut tx, year, row.siren, &expectation, &actor.person, now).await?;
        listed.added = listed.added.saturating_add(1);
    }
    if !faults.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells: faults }));
    }
    if listed.added > 0 {
        let (subject, after) = (year.to_string(), json!({"ajouts": listed.added}).to_string());
        let told = Told {
            at: now,
            actor: &actor.person,
            action: "expected.import",
            subject: &subject,
            before: None,
            after: Some(&after),
        };
        store::journal::append(&mut tx, told).await?;
        tx.commit().await?;
    }
    Ok(listed)
}
