//! The addresses of collectivities, to which codes and reminders go.

use serde_json::json;

use crate::app::App;
use crate::domain::instant::Instant;
use crate::domain::role::Actor;
use crate::imports::contacts::{self, ContactRow};
use crate::imports::{CellError, Limits, Refused};
use crate::service::account::tell;
use crate::service::{Result, ServiceError, registered, require_manager};
use crate::store::contact::Contact;
use crate::store::{self, Tx};

/// What an import of contacts did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Addresses that were not known.
    pub added: usize,
    /// Addresses known from another source.
    pub updated: usize,
    /// Rows that say what is on file already.
    pub unchanged: usize,
}

/// Records every address of the file, or none; nothing is written when `dry_run`.
pub async fn import(app: &App, actor: &Actor, bytes: &[u8], dry_run: bool) -> Result<Recorded> {
    require_manager(actor)?;
    let rows = contacts::read(bytes, &Limits::default())?;
    let now = app.now();
    let (mut recorded, mut faults) = (Recorded::default(), Vec::new());
    let mut tx = app.db.begin().await?;
    for row in &rows {
        let outcome = match registered(&mut tx, row.siren).await {
            Ok(_body) => record(&mut tx, app, row, now).await?,
            Err(ServiceError::Refused(refusal)) => {
                let hint = "corrigez le numéro, ou complétez d’abord le registre";
                let (code, value) = (refusal.because.code(), row.siren.to_string());
                faults.push(CellError::new(code, (row.row, "siren"), &value, refusal.message, hint));
                continue;
            }
            Err(error) => return Err(error),
        };
        let count = match outcome {
            Outcome::Added => &mut recorded.added,
            Outcome::Updated => &mut recorded.updated,
            Outcome::Unchanged => &mut recorded.unchanged,
        };
        *count = count.saturating_add(1);
    }
    if !faults.is_empty() {
        return Err(ServiceError::File(Refused { file: vec![], cells: faults }));
    }
    if !dry_run && recorded.added.saturating_add(recorded.updated) > 0 {
        let after = json!({"ajouts": recorded.added, "corrections": recorded.updated});
        tell(&mut tx, now, &actor.person, "contacts.import", "contacts", &after).await?;
        tx.commit().await?;
    }
    Ok(recorded)
}

enum Outcome {
    Added,
    Updated,
    Unchanged,
}

async fn record(tx: &mut Tx<'_>, app: &App, row: &ContactRow, now: Instant) -> Result<Outcome> {
    let known = store::contact::of_siren(tx, row.siren).await?;
    match known.into_iter().find(|known| known.email == row.email) {
        Some(known) if known.source == row.source => Ok(Outcome::Unchanged),
        Some(known) => {
            store::contact::set_source(tx, &known.id, &row.source, now).await?;
            Ok(Outcome::Updated)
        }
        None => {
            let contact = Contact {
                id: app.random.identifier(),
                siren: row.siren,
                email: row.email.clone(),
                source: row.source.clone(),
                recorded_at: now,
            };
            store::contact::insert(tx, &contact).await?;
            Ok(Outcome::Added)
        }
    }
}
