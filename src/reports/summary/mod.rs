//! The workbook of a summary: key figures, every cut, who paid most, each body, controls.

mod sheets;

use std::io::{Seek, Write};
use std::path::Path;
use std::sync::Arc;

use crate::domain::call::Call;
use crate::domain::codes::CodeLists;
use crate::domain::summary::{Listed, Standing, Summary};
use crate::reports::xlsx::Book;
use crate::reports::{Context, FilingCounts, Result, Status, Unit};

/// Title of the workbook.
const TITLE: &str = "Synthèse de l’aide publique au développement des collectivités";

/// Writes the workbook of a summary, with the bodies of its territory and their verdicts for `calls`.
///
/// # Errors
/// When it cannot be written, or a sum leaves the range.
pub fn xlsx(
    summary: &Summary,
    (calls, listed): (&[Call], &[Listed]),
    codes: &Arc<CodeLists>,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let context = context(summary, codes);
    let mut book = Book::new(TITLE, summary.data_at, temporary)?;
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
    book.save(out)?;
    Ok(())
}

/// What the title blocks tell.
fn context(summary: &Summary, codes: &Arc<CodeLists>) -> Context {
    Context {
        flow_year: summary.flow_year,
        status: match summary.standing {
            Standing::Provisional => Status::Provisional,
            Standing::Settled => Status::Settled,
            Standing::Past => Status::Past,
        },
        scope: summary.scope.clone(),
        unit: Unit::Euro,
        data_at: summary.data_at,
        codes: Arc::clone(codes),
        bodies: Arc::default(),
        filings: FilingCounts::default(),
    }
}
