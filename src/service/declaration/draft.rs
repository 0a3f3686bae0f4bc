//! The draft: saved at any time, checked but never refused for its content (rule 3).

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::instant::Instant;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::rules::{self, CheckedDraft, Issue};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::declaration::declaring;
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::{Result, ServiceError};
pub use crate::store::draft::Draft;
use crate::store::{self, Tx};

/// Lines that a declaration may hold.
pub const LINES_MAX: usize = 20_000;

/// A draft with what its lines would be told if they were filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedDraft {
    /// The draft, where there is one.
    pub draft: Option<Draft>,
    /// Faults and warnings of its lines.
    pub issues: Vec<Issue>,
}

/// The draft of a collectivity, or the one that an agent who awaits the attachment prepares alone.
pub async fn read(app: &App, actor: &Actor, siren: Siren, year: FlowYear) -> Result<SavedDraft> {
    let mut tx = app.db.snapshot().await?;
    let footing = if actor.role.reads_everything() {
        Footing::Attached
    } else {
        require_footing(&mut tx, actor, siren, year).await?
    };
    let draft = store::draft::find(&mut tx, footing.key(actor, (siren, year))).await?;
    let issues = draft
        .as_ref()
        .map(|draft| rules::check_lines(&app.codes, year, &draft.lines).issues)
        .unwrap_or_default();
    Ok(SavedDraft { draft, issues })
}

/// Saves the draft, based on the revision that was read (`None`: there was none).
pub async fn save(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
    based_on: Option<u32>,
    lines: &[RawLine],
) -> Result<SavedDraft> {
    if lines.len() > LINES_MAX {
        let message = format!("{} lignes\u{a0}: 20\u{202f}000 au plus dans une déclaration", lines.len());
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let CheckedDraft { lines, issues } = rules::check_draft(&app.codes, year, lines);
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let revision = save_in(&mut tx, actor, (siren, year), based_on, &lines, now).await?;
    tx.commit().await?;
    Ok(SavedDraft {
        draft: Some(Draft { revision, lines, updated_by: actor.person.clone(), updated_at: now }),
        issues,
    })
}

/// Saves lines that have their references, inside a transaction of the caller's,
/// which commits; gives the new revision.
pub(crate) async fn save_in(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    based_on: Option<u32>,
    lines: &[RawLine],
    now: Instant,
) -> Result<u32> {
    let footing = require_footing(tx, actor, siren, year).await?;
    declaring(tx, siren, year).await?;
    let campaign = crate::service::campaign::existing(tx, year.campaign()).await?;
    crate::service::campaign::refuse_settled(&campaign, now)?;
    let of = footing.key(actor, (siren, year));
    let saved = store::draft::save(tx, of, based_on, lines, &actor.person, now).await?;
    saved.ok_or_else(|| {
        let message = "le brouillon a été modifié entre-temps par quelqu’un d’autre\u{a0}: relisez-le, puis reprenez vos changements";
        ServiceError::refused(Because::StaleDraft, message)
    })
}

/// The references of `added` that `present` holds already: adding never overwrites (rule 8).
#[must_use]
pub fn repeated_references(present: &[RawLine], added: &[RawLine]) -> Vec<String> {
    let known: std::collections::HashSet<&str> =
        present.iter().map(|line| line.get(Field::Reference)).collect();
    let repeated = added.iter().map(|line| line.get(Field::Reference));
    repeated
        .filter(|reference| !reference.is_empty() && known.contains(reference))
        .map(str::to_owned)
        .collect()
}
