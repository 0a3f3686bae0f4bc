//! Lines from a file into the draft (rule 8): all or nothing, shown before it is done.

use crate::app::App;
use crate::domain::field::RawLine;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::imports::preview::Changes;
use crate::imports::{CellError, Limits, lines};
use crate::service::declaration::draft;
use crate::service::declaration::footing::{Footing, require_footing};
use crate::service::declaration::preview::{Ground, Preview, preview};
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

pub use crate::service::declaration::preview::Mode;

/// What an import changes, or would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Compared with the draft, or with what was filed where there is no draft.
    pub changes: Changes,
    /// What deserves a look, with the lines of the file.
    pub warnings: Vec<CellError>,
    /// Number of lines of the draft afterwards.
    pub lines: usize,
    /// Revision of the draft, once saved; `None` after a dry run.
    pub revision: Option<u32>,
}

/// The lines of a file, as typed.
pub fn lines_of_file(bytes: &[u8]) -> Result<Vec<RawLine>> {
    let read = lines::read(bytes, &Limits::default())?;
    Ok(read.lines.into_iter().map(|(_, line)| line).collect())
}

/// Imports `bytes` into the draft. A dry run tells the same and writes nothing.
pub async fn import(
    app: &App,
    actor: &Actor,
    (siren, year): (Siren, FlowYear),
    bytes: &[u8],
    mode: Mode,
    dry_run: bool,
) -> Result<Imported> {
    let examined = lines::examine(bytes, &Limits::default())?;
    let (present, revision, used) = present_lines(app, actor, siren, year).await?;
    let ground = Ground { codes: &app.codes, year, present: &present, used: &used };
    let Preview { changes, errors, warnings, lines, .. } = preview(ground, &examined, mode);
    if !errors.is_empty() {
        return Err(ServiceError::File(errors));
    }
    let count = lines.len();
    let revision = if dry_run {
        None
    } else {
        let saved = draft::save(app, actor, siren, year, revision, &lines).await?;
        saved.draft.map(|draft| draft.revision)
    };
    Ok(Imported { changes, warnings, lines: count, revision })
}

/// The lines that an import is compared with: the draft's, else those filed last; and the references of all versions.
async fn present_lines(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<(Vec<RawLine>, Option<u32>, Vec<String>)> {
    let mut tx = app.db.snapshot().await?;
    let footing = require_footing(&mut tx, actor, siren, year).await?;
    let key = footing.key(actor, (siren, year));
    let used = store::line::references(&mut tx, key).await?;
    if let Some(draft) = store::draft::find(&mut tx, key).await? {
        return Ok((draft.lines, Some(draft.revision), used));
    }
    Ok((lines_filed_by(&mut tx, &footing, (siren, year)).await?, None, used))
}

/// The lines of the version that counts; of an agent who awaits the attachment, those that they filed last under
/// this request: they may see no others.
pub(crate) async fn lines_filed_by(
    tx: &mut Tx<'_>,
    footing: &Footing,
    (siren, year): (Siren, FlowYear),
) -> Result<Vec<RawLine>> {
    let Some(attachment) = footing.awaited() else { return filed_lines(tx, siren, year).await };
    let reserved = store::reservation::of_declaration(tx, siren, year).await?;
    let own = reserved.iter().rfind(|(_, reservation)| reservation.attachment == attachment);
    let Some((version, _)) = own else { return Ok(vec![]) };
    let filed = store::line::of_version(tx, siren, year, *version).await?;
    Ok(filed.iter().map(|filed| filed.line.to_raw()).collect())
}

/// The lines of the version that counts, as the import writes them; none where nothing is filed.
pub(crate) async fn filed_lines(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<RawLine>> {
    let Some(filing) = store::filing::effective(tx, siren, year).await? else { return Ok(vec![]) };
    let filed = store::line::of_version(tx, siren, year, filing.version).await?;
    Ok(filed.iter().map(|filed| filed.line.to_raw()).collect())
}
