//! A manager's version before it is filed: what can be decided, the difference in words, then the decision. What a
//! manager proposes waits as a file, as an agent's import does, whether it came as one or as one line changed.

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::filing::FilingKind;
use crate::domain::refusal::{Because, Refusal};
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports::line_export;
use crate::service::declaration::accept;
use crate::service::declaration::import::filed_lines;
use crate::service::declaration::preview::{Mode, Preview};
use crate::service::declaration::upload;
use crate::service::refusals::told;
use crate::service::{Result, ServiceError, apart, registered, require_manager, require_reason};
use crate::store::{self, Tx};

use super::{Decided, Receipt, admit, decide_in, require_document};

/// A declaration before a manager's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Name of the collectivity.
    pub name: String,
    /// The highest version, whether it counts or not: told back with the decision.
    pub highest: u32,
    /// The lines that count; none where nothing does.
    pub lines: Vec<RawLine>,
    /// What other lines would be: a rectification, or a declaration taken over; or why neither can be.
    pub other_lines: std::result::Result<FilingKind, Refusal>,
    /// Why what counts cannot be annulled, if it cannot.
    pub annulment: std::result::Result<(), Refusal>,
}

/// Opens a declaration for a manager.
pub async fn desk(app: &App, actor: &Actor, key: (Siren, FlowYear)) -> Result<Desk> {
    require_manager(actor)?;
    open(app, &mut app.db.snapshot().await?, key).await
}

async fn open(app: &App, tx: &mut Tx<'_>, (siren, year): (Siren, FlowYear)) -> Result<Desk> {
    let name = registered(tx, siren).await?.name;
    let filings = store::filing::versions(tx, siren, year).await?;
    let highest = filings.last().map_or(0, |last| last.version);
    let mut admitted = async |kind| match admit(tx, (siren, year), kind, app.now()).await {
        Ok(_before) => Ok(Ok(kind)),
        Err(ServiceError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    };
    let rectified = admitted(FilingKind::Rectified).await?;
    let taken_over = admitted(FilingKind::TakenOver).await?;
    let annulment = admitted(FilingKind::Annulled).await?.map(|_kind| ());
    // Where something was filed in time, why it cannot be rectified says more than why it is not taken over.
    let other_lines = match (rectified, taken_over) {
        (Ok(kind), _) | (_, Ok(kind)) => Ok(kind),
        (Err(rectified), Err(taken_over)) => Err(if highest == 0 { taken_over } else { rectified }),
    };
    Ok(Desk { name, highest, lines: filed_lines(tx, siren, year).await?, other_lines, annulment })
}

/// Keeps a file of lines as a proposal, and gives the id of its preview.
pub async fn propose(app: &App, actor: &Actor, key: (Siren, FlowYear), content: Vec<u8>) -> Result<String> {
    let desk = desk(app, actor, key).await?;
    desk.other_lines.map_err(ServiceError::Refused)?;
    upload::keep_beside(app, actor, key, (Mode::Replace, desk.lines), content).await
}

/// Keeps the lines that count, with another one in place of that of `reference`, as a proposal.
///
/// # Errors
/// Every fault of the lines, by index; no line of this reference counts.
pub async fn propose_line(
    app: &App,
    actor: &Actor,
    key: (Siren, FlowYear),
    reference: &str,
    line: &RawLine,
) -> Result<String> {
    let mut lines = desk(app, actor, key).await?.lines;
    let place = lines.iter_mut().find(|line| line.get(Field::Reference) == reference).ok_or_else(|| {
        let message = format!("aucune ligne qui compte ne porte la référence «\u{a0}{reference}\u{a0}»");
        ServiceError::refused(Because::UnknownLine, message)
    })?;
    // The reference says which line it is.
    *place = line.clone().with(Field::Reference, reference);
    let lines = accept(app, key.into(), &lines).await?;
    let mut content = Vec::new();
    line_export::csv(&lines, &mut content)?;
    propose(app, actor, key, content).await
}

/// A proposal, beside what counts now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The declaration.
    pub desk: Desk,
    /// What it would change.
    pub preview: Preview,
}

/// What a proposal would change now, for who made it.
pub async fn shown(app: &App, actor: &Actor, key: (Siren, FlowYear), id: &str) -> Result<Proposal> {
    require_manager(actor)?;
    let kept = upload::own(app, actor, key, id).await?;
    let mut tx = app.db.snapshot().await?;
    let desk = open(app, &mut tx, key).await?;
    let used = store::line::references(&mut tx, key).await?;
    drop(tx);
    let (run, present) = (app.clone(), desk.lines.clone());
    let preview = apart(move || upload::look(&run, &kept, &present, &used)).await??.1;
    Ok(Proposal { desk, preview })
}

/// Forgets a proposal.
pub async fn discard(app: &App, actor: &Actor, key: (Siren, FlowYear), id: &str) -> Result<()> {
    require_manager(actor)?;
    upload::discard(app, actor, key, id).await
}

/// Files a proposal, if no other version came since its preview was shown.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    id: &str,
    seen: u32,
    (reason, document): (&str, &str),
) -> Result<Receipt> {
    let outcome = confirm_now(app, actor, (siren, year), id, seen, (reason, document)).await;
    told(app, actor, "declaration.version", format!("{siren}/{year}"), outcome).await
}

async fn confirm_now(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    id: &str,
    seen: u32,
    (reason, document): (&str, &str),
) -> Result<Receipt> {
    require_manager(actor)?;
    let (reason, document) = (require_reason(reason)?, require_document(document)?);
    let Proposal { desk, preview } = shown(app, actor, (siren, year), id).await?;
    let kind = desk.other_lines.map_err(ServiceError::Refused)?;
    if !preview.errors.is_empty() {
        return Err(ServiceError::File(preview.errors));
    }
    if preview.changes.is_empty() {
        let message = "ces lignes sont celles qui comptent déjà\u{a0}: il n’y a rien à changer";
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    let lines = accept(app, (siren, year).into(), &preview.lines).await?;
    let mut tx = app.db.begin().await?;
    store::upload::remove(&mut tx, id).await?;
    let decided = Decided { siren, year, kind, at: app.now(), reason, document, seen: Some(seen) };
    let receipt = decide_in(app, &mut tx, actor, decided, &lines).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Files a version without lines: what counts is annulled, or a nil is taken over; if no other version came since
/// `seen` was the highest.
pub async fn decide_without_lines(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    kind: FilingKind,
    seen: u32,
    (reason, document): (&str, &str),
) -> Result<Receipt> {
    let decided = async {
        require_manager(actor)?;
        let (reason, document) = (require_reason(reason)?, require_document(document)?);
        let mut tx = app.db.begin().await?;
        let decided = Decided { siren, year, kind, at: app.now(), reason, document, seen: Some(seen) };
        let receipt = decide_in(app, &mut tx, actor, decided, &[]).await?;
        tx.commit().await?;
        Ok(receipt)
    };
    told(app, actor, "declaration.version", format!("{siren}/{year}"), decided.await).await
}
