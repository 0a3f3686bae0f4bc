//! The register of collectivities: millésimes, decisions, mergers, and finding a body.

mod decide;
mod files;
mod import;
mod read;
pub mod upload;

pub use crate::store::register::Relative;
pub use decide::{Merger, decide, decide_one, foresee, merge};
pub use files::{DecisionFile, InputError, decisions, read_archive, read_decisions, read_package};
pub use import::{foresee_package, import};
pub use read::{PAGE, Sheet, names, regions_read_by, search, show};

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::register::difference::differences;
use crate::domain::register::{Changes, Differences, Ledger, Summary};
use crate::domain::role::Actor;
use crate::service::Result;
use crate::store::journal::Told;
use crate::store::{self, Tx};

/// Who is told how far a long write has come.
pub trait Progress: Send + Sync {
    /// How many rows there are to write.
    fn total(&self, rows: u64);
    /// That so many more are written.
    fn advance(&self, rows: u64);
}

/// Nobody is told.
impl Progress for () {
    fn total(&self, _rows: u64) {}
    fn advance(&self, _rows: u64) {}
}

/// What the journal tells of a change.
struct Tale<'a> {
    action: &'a str,
    subject: &'a str,
    /// What the change comes from.
    origin: Value,
}

/// Whether a change is written, or only looked at.
#[derive(Clone, Copy)]
enum Mode<'a> {
    /// It is written; somebody is told how far.
    Write(&'a dyn Progress),
    /// Nothing is written.
    Look,
}

/// What a change of the register does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// Counts, and what deserves a look.
    pub summary: Summary,
    /// Body by body.
    pub differences: Differences,
}

/// Writes what a ledger changed, tells the journal and commits, unless it is only looked at; nothing
/// changed leaves no trace.
async fn finish(
    mut tx: Tx<'_>,
    app: &App,
    actor: &Actor,
    (before, ledger): (&Ledger, Ledger),
    summary: Summary,
    tale: Tale<'_>,
    mode: Mode<'_>,
) -> Result<Foreseen> {
    let changes = ledger.into_changes();
    let differences = differences(before, &changes);
    if let Mode::Write(progress) = mode
        && !changes.is_empty()
    {
        let now = app.now();
        progress.total(store::register::rows(&changes));
        store::register::write(&mut tx, &changes, now, &|rows| progress.advance(rows)).await?;
        tell(&mut tx, actor, now, tale, &summary, &changes).await?;
        tx.commit().await?;
    }
    Ok(Foreseen { summary, differences })
}

async fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    at: Instant,
    tale: Tale<'_>,
    summary: &Summary,
    changes: &Changes,
) -> Result<()> {
    let days = |(from, until): (Option<Day>, Option<Day>)| json!({"du": from, "au": until});
    let existences = |before: bool| -> Value {
        let of = |change: &crate::domain::register::Existence| {
            (change.id.clone(), days(if before { change.before } else { change.after }))
        };
        Value::Object(changes.existences.iter().map(of).collect())
    };
    let before = json!({ "existences": existences(true) }).to_string();
    let after = json!({
        "origine": tale.origin,
        "crees": summary.created,
        "modifies": summary.changed,
        "disparus": summary.closed,
        "existences": existences(false),
    })
    .to_string();
    let told = Told {
        at,
        actor: &actor.person,
        action: tale.action,
        subject: tale.subject,
        before: (!changes.existences.is_empty()).then_some(before.as_str()),
        after: Some(&after),
    };
    store::journal::append(tx, told).await?;
    Ok(())
}
