//! Files of the ministry bring contacts, whole or not at all.

use serde_json::json;

use crate::app::App;
use crate::domain::contact::Origin;
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
    /// Contacts of which the source, the name or the function changes.
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
    if !dry_run && !rows.is_empty() {
        let after = json!({
            "ajouts": recorded.added,
            "corrections": recorded.updated,
            "inchanges": recorded.unchanged,
        });
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
    let Some(known) = known.into_iter().find(|known| known.email == row.email) else {
        let contact = Contact {
            id: app.random.identifier(),
            siren: row.siren,
            email: row.email.clone(),
            name: row.name.clone(),
            function: row.function.clone(),
            origin: Origin::Imported,
            source: row.source.clone(),
            recorded_at: now,
            confirmed: None,
        };
        store::contact::insert(tx, &contact).await?;
        return Ok(Outcome::Added);
    };
    // What an agent wrote or confirmed stays: the file only adds what is not known.
    let is_confirmed = known.confirmed.is_some();
    let told = |known: &Option<String>, told: &Option<String>| match (known, told) {
        (Some(known), Some(_)) if is_confirmed => Some(known.clone()),
        (known, told) => told.clone().or_else(|| known.clone()),
    };
    let (name, function) = (told(&known.name, &row.name), told(&known.function, &row.function));
    let as_before = known.source == row.source
        && known.origin == Origin::Imported
        && (&name, &function) == (&known.name, &known.function);
    // What a file tells again is not too old to be kept.
    let told = (name.as_deref(), function.as_deref());
    store::contact::tell_again(tx, &known.id, told, &row.source, now).await?;
    Ok(if as_before { Outcome::Unchanged } else { Outcome::Updated })
}
