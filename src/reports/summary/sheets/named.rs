//! Sheet 3: who paid most, the largest projects, the bodies of other regions.

use crate::domain::summary::{Share, Sum, Summary};
use crate::reports::summary::TITLE;
use crate::reports::summary::sheets::share;
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Result};

/// Writes what is named.
///
/// # Errors
/// When a cell cannot be written.
pub fn named(book: &mut Book, summary: &Summary, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Premiers contributeurs")?;
    let title = format!("{TITLE}\u{a0}: premiers contributeurs et projets");
    sheet.columns([
        (13, Style::Code),
        (44, Style::Text),
        (20, Style::Euros),
        (20, Style::Euros),
        (12, Style::Text),
        (40, Style::Text),
    ])?;
    let mut row = sheet.title(&title, "euros", context)?;
    sheet.print((0, 2), &title, context)?;
    let whole = summary.total.without_refugees();
    let part = |sum: Sum| Share::of(sum.without_refugees(), whole);
    sheet.header(
        row,
        ["SIREN", "Premiers contributeurs", "Ressources propres", "Hors réfugiés", "Part (%)"],
    )?;
    for one in &summary.contributors {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(one.siren.as_str()))?;
        sheet.cell(row, 1, Cell::Text(&one.name))?;
        sheet.cell(row, 2, Cell::Euros(one.sum.own))?;
        sheet.cell(row, 3, Cell::Euros(one.sum.without_refugees()))?;
        share(&mut sheet, row, 4, part(one.sum))?;
    }
    row = row.saturating_add(2);
    sheet.header(
        row,
        ["SIREN", "Premiers projets, hors réfugiés", "Ressources propres", "Pays", "", "Collectivité"],
    )?;
    for one in &summary.projects {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(one.siren.as_str()))?;
        sheet.cell(row, 1, Cell::Text(&one.title))?;
        sheet.cell(row, 2, Cell::Euros(one.own))?;
        sheet.put(row, 3, Cell::Text(&one.recipient), Style::Text)?;
        sheet.cell(row, 5, Cell::Text(&one.name))?;
    }
    if summary.associated.is_empty() {
        return Ok(sheet);
    }
    row = row.saturating_add(2);
    let about = "Collectivités associées à la région et rattachées ailleurs\u{a0}: hors des totaux";
    sheet.put(row, 0, Cell::Text(about), Style::Section)?;
    row = row.saturating_add(1);
    sheet.header(
        row,
        ["SIREN", "Collectivité", "Ressources propres", "Hors réfugiés", "", "Région de rattachement"],
    )?;
    for one in &summary.associated {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(one.siren.as_str()))?;
        sheet.cell(row, 1, Cell::Text(&one.name))?;
        sheet.cell(row, 2, Cell::Euros(one.sum.own))?;
        sheet.cell(row, 3, Cell::Euros(one.sum.without_refugees()))?;
        sheet.cell(row, 5, Cell::Text(&one.region))?;
    }
    Ok(sheet)
}
