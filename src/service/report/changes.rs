//! What a new edition changes on the one before (rule 12): what the journal tells of its flow year between the heads
//! that both carry.

use serde::Deserialize;

use crate::app::App;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::journal::JournalEntry;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::report::ReportName;
use crate::service::report::desk::require_reader;
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

/// What happened between two editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// When the edition before was released; none for the first one, which changes nothing.
    pub since: Option<Instant>,
    /// When this one was.
    pub until: Instant,
    /// In the order in which they were told.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// Of whom.
    pub siren: Siren,
    /// Its name in the register.
    pub name: String,
    /// What.
    pub what: Changed,
    /// Why, and by which document: for the ministry alone.
    pub because: Option<(String, String)>,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// A version came to count.
    Version {
        /// Its kind.
        kind: FilingKind,
        /// Own resources of the version before; none where there was none.
        before: Option<Euros>,
        /// Own resources since.
        after: Euros,
    },
    /// A title was replaced in public.
    Title,
}

/// What the journal says of a version that was filed.
#[derive(Deserialize)]
struct Told {
    version: u32,
    /// Awaits its agent: it does not count yet.
    #[serde(default)]
    sous_reserve: bool,
}

/// What changed between an edition of a report and the one before.
///
/// # Errors
/// Refuses who may not have editions, and an edition that there is not.
pub async fn changes(
    app: &App,
    actor: &Actor,
    (name, flow_year): (ReportName, FlowYear),
    edition: u32,
) -> Result<Changes> {
    require_reader(actor)?;
    let mut tx = app.db.snapshot().await?;
    let stored = store::report::of_year(&mut tx, name.code(), flow_year).await?;
    let released_at = |number: u32| {
        let of_number = stored.iter().find(|release| release.edition == number);
        of_number.map(|release| release.released_at)
    };
    let until = released_at(edition).ok_or_else(|| {
        let message = format!("pas d’édition {edition} de «\u{a0}{name}\u{a0}» pour l’exercice {flow_year}");
        ServiceError::refused(Because::UnknownReport, message)
    })?;
    let before = edition.checked_sub(1).filter(|before| *before > 0);
    let Some((before, since)) = before.and_then(|before| Some((before, released_at(before)?))) else {
        return Ok(Changes { since: None, until, changes: vec![] });
    };
    let subject = |number: u32| format!("{name}/{flow_year}/{number}");
    let between = (subject(before), subject(edition));
    let entries = store::journal::told_between(&mut tx, "report.release", &between, flow_year).await?;
    let mut changes = Vec::new();
    for entry in entries {
        if let Some(mut change) = read(&mut tx, flow_year, &entry).await? {
            change.because = change.because.filter(|_told| actor.role.manages());
            changes.push(change);
        }
    }
    Ok(Changes { since: Some(since), until, changes })
}

/// The change that an entry tells; none where it tells of something else.
async fn read(tx: &mut Tx<'_>, year: FlowYear, entry: &JournalEntry) -> Result<Option<Change>> {
    let Some(siren) = entry.subject.split('/').next().and_then(|siren| siren.parse::<Siren>().ok()) else {
        return Ok(None);
    };
    let (what, because) = match entry.action.as_str() {
        "title.replace" => (Changed::Title, None),
        "declaration.file" | "declaration.reserve.accept" => {
            let told: Option<Told> = entry.after.as_deref().and_then(|told| serde_json::from_str(told).ok());
            let accepts = entry.action == "declaration.reserve.accept";
            let Some(told) = told.filter(|told| accepts || !told.sous_reserve) else { return Ok(None) };
            let mut versions = store::filing::versions(tx, siren, year).await?;
            versions.sort_by_key(|filing| filing.version);
            let before = versions.iter().rev().find(|filing| filing.version < told.version);
            let before = before.map(|filing| filing.total_own);
            let Some(filing) = versions.into_iter().find(|filing| filing.version == told.version) else {
                return Ok(None);
            };
            let what = Changed::Version { kind: filing.kind, before, after: filing.total_own };
            (what, filing.reason.zip(filing.document))
        }
        _ => return Ok(None),
    };
    let body = store::facts::body(tx, siren).await?;
    let name = body.map_or_else(|| siren.to_string(), |body| body.name);
    Ok(Some(Change { at: entry.at, siren, name, what, because }))
}
