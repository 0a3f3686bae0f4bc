//! Lines from a file into the draft (rule 8): all or nothing, shown before it is done.

use crate::app::App;
use crate::domain::field::{Field, RawLine};
use crate::domain::line::Line;
use crate::domain::role::Actor;
use crate::domain::rules::{self, CheckedDraft, Issue};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::imports::preview::{Changes, diff};
use crate::imports::{CellError, Limits, Refused, lines};
use crate::service::declaration::draft::{self, repeated_references};
use crate::service::declaration::file::require_agent;
use crate::service::{Result, ServiceError};
use crate::store::{self, Tx};

/// What to do with the lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They replace the lines there are.
    Replace,
    /// They come after the lines there are.
    Add,
}

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
    let read = lines::read(bytes, &Limits::default())?;
    let (rows, added): (Vec<u32>, Vec<RawLine>) = read.lines.into_iter().unzip();
    let (present, revision) = present_lines(app, actor, siren, year).await?;
    let (kept, mut all) = match mode {
        Mode::Replace => (0, vec![]),
        Mode::Add => (present.len(), present.clone()),
    };
    if mode == Mode::Add {
        refuse_repeated(&present, &added, &rows)?;
    }
    all.extend(added);
    let CheckedDraft { lines, issues } = rules::check_draft(&app.codes, year, &all);
    let place =
        |issue: &Issue| issue.line.checked_sub(kept).and_then(|index| rows.get(index)).copied().unwrap_or(0);
    let (errors, warnings): (Vec<&Issue>, Vec<&Issue>) = issues.iter().partition(|issue| issue.is_error());
    if !errors.is_empty() {
        let cells = errors.into_iter().map(|issue| cell(issue, place(issue))).collect();
        return Err(ServiceError::File(Refused { file: vec![], cells }));
    }
    let warnings = warnings.into_iter().map(|issue| cell(issue, place(issue))).collect();
    let changes = diff(&canonical(app, year, &present), &canonical(app, year, &lines));
    let count = lines.len();
    let revision = if dry_run {
        None
    } else {
        let saved = draft::save(app, actor, siren, year, revision, &lines).await?;
        saved.draft.map(|draft| draft.revision)
    };
    Ok(Imported { changes, warnings, lines: count, revision })
}

/// The lines as a filing would hold them, so that a name and its code, or two
/// forms of one amount, are the same; as typed while they have errors.
fn canonical(app: &App, year: FlowYear, lines: &[RawLine]) -> Vec<RawLine> {
    match rules::check_lines(&app.codes, year, lines).accepted() {
        Ok((accepted, _warnings)) => accepted.iter().map(Line::to_raw).collect(),
        Err(_issues) => lines.to_vec(),
    }
}

/// The lines that an import is compared with: the draft's, else those filed last.
async fn present_lines(
    app: &App,
    actor: &Actor,
    siren: Siren,
    year: FlowYear,
) -> Result<(Vec<RawLine>, Option<u32>)> {
    let mut tx = app.db.snapshot().await?;
    require_agent(&mut tx, actor, siren, year).await?;
    if let Some(draft) = store::draft::find(&mut tx, siren, year).await? {
        return Ok((draft.lines, Some(draft.revision)));
    }
    Ok((filed_lines(&mut tx, siren, year).await?, None))
}

/// The lines of the version that counts, as the import writes them; none where nothing is filed.
pub(crate) async fn filed_lines(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<RawLine>> {
    let Some(filing) = store::filing::effective(tx, siren, year).await? else { return Ok(vec![]) };
    let filed = store::line::of_version(tx, siren, year, filing.version).await?;
    Ok(filed.iter().map(|filed| filed.line.to_raw()).collect())
}

/// An issue at the line of the file that it comes from.
pub(crate) fn cell(issue: &Issue, row: u32) -> CellError {
    let column = issue.field.map_or("", Field::header);
    CellError::new(
        issue.rule.code(),
        (row, column),
        &issue.value,
        issue.message.as_str(),
        issue.hint.as_str(),
    )
}

fn refuse_repeated(present: &[RawLine], added: &[RawLine], rows: &[u32]) -> Result<()> {
    let repeated = repeated_references(present, added);
    if repeated.is_empty() {
        return Ok(());
    }
    let of_line = |(line, row): (&RawLine, &u32)| {
        let reference = line.get(Field::Reference);
        repeated.iter().any(|known| known == reference).then(|| {
            CellError::new(
                crate::domain::refusal::Because::ReferenceExists.code(),
                (*row, Field::Reference.header()),
                reference,
                format!("la référence «\u{a0}{reference}\u{a0}» est déjà dans la déclaration"),
                "changez-la, ou importez sans «\u{a0}ajouter\u{a0}» pour remplacer toute la liste",
            )
        })
    };
    let cells = added.iter().zip(rows).filter_map(of_line).collect();
    Err(ServiceError::File(Refused { file: vec![], cells }))
}
