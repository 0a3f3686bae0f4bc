//! A summary as a workbook or as an OpenDocument: key figures, every cut, who paid most, each body, controls.

mod sheets;

use std::io::{Seek, Write};
use std::path::Path;
use std::sync::Arc;

use crate::domain::call::Call;
use crate::domain::codes::CodeLists;
use crate::domain::summary::{Listed, Standing, Summary};
use crate::reports::xlsx::Book;
use crate::reports::{Context, FilingCounts, Format, Result, Status, Unit};

/// Title of the workbook.
const TITLE: &str = "Synthèse de l’aide publique au développement des collectivités";

/// In which form a summary is written, and as which edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// A workbook, or an OpenDocument spreadsheet of the same sheets.
    pub format: Format,
    /// How final its figures are.
    pub status: Status,
}

impl Form {
    /// What is written on demand.
    #[must_use]
    pub const fn now(summary: &Summary, format: Format) -> Self {
        let status = match summary.standing {
            Standing::Provisional => Status::Provisional,
            Standing::Settled => Status::Settled,
            Standing::Past => Status::Past,
        };
        Self { format, status }
    }
}

/// Writes a summary, with the bodies of its territory and their verdicts for `calls`; gives the digest of what an
/// edition says.
///
/// # Errors
/// When it cannot be written, or a sum leaves the range.
pub fn write(
    summary: &Summary,
    (calls, listed): (&[Call], &[Listed]),
    codes: &Arc<CodeLists>,
    form: Form,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<Option<String>> {
    let context = context(summary, form.status, codes);
    let mut book = Book::of_report(TITLE, &context, temporary)?;
    if form.format == Format::Ods {
        book = book.as_open_document();
    }
    let sheet = sheets::key_figures(&mut book, summary, &context)?;
    book.push(sheet);
    let (sheet, totals) = sheets::tables(&mut book, summary, &context)?;
    book.push(sheet);
    let sheet = sheets::named(&mut book, summary, &context)?;
    book.push(sheet);
    let sheet = sheets::bodies(&mut book, calls, listed, &context)?;
    book.push(sheet);
    let sheet = sheets::controls(&mut book, summary, listed, &totals, &context)?;
    book.push(sheet);
    book.save(out)
}

/// What the title blocks tell.
fn context(summary: &Summary, status: Status, codes: &Arc<CodeLists>) -> Context {
    Context {
        flow_year: summary.flow_year,
        status,
        scope: summary.scope.clone(),
        unit: Unit::Euro,
        data_at: summary.data_at,
        codes: Arc::clone(codes),
        bodies: Arc::default(),
        filings: FilingCounts::default(),
    }
}
