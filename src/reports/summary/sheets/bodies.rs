//! Sheet 4: each body of the territory, and its eligibility for the calls that require the year.

use crate::domain::call::Call;
use crate::domain::summary::{Cut, Listed};
use crate::reports::summary::TITLE;
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Result};

/// Writes the bodies.
///
/// # Errors
/// When a cell cannot be written.
pub fn bodies(book: &mut Book, calls: &[Call], listed: &[Listed], context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Collectivités")?;
    let title = format!("{TITLE}\u{a0}: collectivités et éligibilité");
    let columns = [
        (13, Style::Code),
        (44, Style::Text),
        (28, Style::Text),
        (15, Style::Text),
        (9, Style::Whole),
        (19, Style::Euros),
        (19, Style::Euros),
    ];
    sheet.columns(columns.into_iter().chain(calls.iter().map(|_| (22, Style::Text))))?;
    let header = sheet.title(&title, "euros", context)?;
    sheet.height(header, 32)?;
    let fixed = [
        "SIREN",
        "Collectivité",
        "Département",
        "Déclaration",
        "Lignes",
        "Ressources propres",
        "Hors réfugiés",
    ];
    let about: Vec<String> = calls.iter().map(|call| format!("Éligibilité {}", call.code())).collect();
    sheet.header(header, fixed.into_iter().chain(about.iter().map(String::as_str)))?;
    sheet.freeze(header.saturating_add(1), 2)?;
    sheet.print((header, header), &title, context)?;
    let mut row = header;
    for body in listed {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(body.siren.as_str()))?;
        sheet.cell(row, 1, Cell::Text(&body.name))?;
        let departement = Cut::Departement.name(&body.departement, &context.codes, context.flow_year.get());
        sheet.cell(row, 2, Cell::Text(&departement))?;
        sheet.cell(row, 3, Cell::Text(body.did))?;
        sheet.cell(row, 4, Cell::count(body.sum.lines))?;
        sheet.cell(row, 5, Cell::Euros(body.sum.own))?;
        sheet.cell(row, 6, Cell::Euros(body.sum.without_refugees()))?;
        for (column, verdict) in (7_u16..).zip(&body.verdicts) {
            sheet.cell(row, column, Cell::Text(verdict.status.label()))?;
        }
    }
    let columns = u16::try_from(calls.len()).unwrap_or_default().saturating_add(6);
    sheet.filter(header, row, columns)?;
    Ok(sheet)
}
