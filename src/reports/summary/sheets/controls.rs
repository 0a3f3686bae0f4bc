//! Sheet 5: every cut adds up to the total, to the cent.

use crate::domain::euros::Euros;
use crate::domain::summary::{Cut, Listed, Summary};
use crate::reports::summary::TITLE;
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, ReportError, Result};

/// Writes the controls.
///
/// # Errors
/// When a cell cannot be written, or a sum leaves the range.
pub fn controls(
    book: &mut Book,
    summary: &Summary,
    listed: &[Listed],
    totals: &[(Cut, String)],
    context: &Context,
) -> Result<Sheet> {
    let mut sheet = book.sheet("Contrôles")?;
    let title = format!("{TITLE}\u{a0}: contrôles");
    sheet.columns([(58, Style::Text), (20, Style::Euros), (20, Style::Euros), (58, Style::Text)])?;
    let header = sheet.title(&title, "euros", context)?;
    sheet.print((header, header), &title, context)?;
    sheet.header(header, ["Contrôle", "Somme", "Écart au total", "Remarque"])?;
    let first = header.saturating_add(1);
    sheet.cell(first, 0, Cell::Text("Total des versions en vigueur"))?;
    sheet.cell(first, 1, Cell::Euros(summary.total.own))?;
    sheet.cell(first, 3, Cell::Text("Ressources propres inscrites avec chaque dépôt"))?;
    let whole_cell = format!("B{}", first.saturating_add(1));
    let mut row = first;
    for (table, (_, cell)) in summary.tables.iter().zip(totals) {
        row = row.saturating_add(1);
        let sum = table.total().own;
        let formula = format!("=Tableaux!{cell}");
        sheet.cell(row, 0, Cell::Text(table.cut.title()))?;
        sheet.cell(row, 1, Cell::Formula(&formula, &sum.to_plain()))?;
        difference(&mut sheet, row, &whole_cell, (sum, summary.total.own))?;
        sheet.cell(
            row,
            3,
            Cell::Text("Chaque ligne est comptée une fois\u{a0}: l’écart est toujours nul"),
        )?;
    }
    row = row.saturating_add(1);
    let sum = Euros::checked_sum(listed.iter().map(|body| body.sum.own)).ok_or(ReportError::OutOfRange)?;
    sheet.cell(row, 0, Cell::Text("Feuille «\u{a0}Collectivités\u{a0}»"))?;
    sheet.cell(row, 1, Cell::Euros(sum))?;
    difference(&mut sheet, row, &whole_cell, (sum, summary.total.own))?;
    row = row.saturating_add(2);
    sheet.cell(row, 0, Cell::Text("Lignes écartées (ressources propres nulles)"))?;
    sheet.put(row, 1, Cell::count(summary.left_out), Style::Whole)?;
    sheet.cell(row, 3, Cell::Text("Gardées dans les déclarations, hors des tableaux"))?;
    Ok(sheet)
}

fn difference(sheet: &mut Sheet, row: u32, whole: &str, (sum, total): (Euros, Euros)) -> Result<()> {
    let value = sum.checked_sub(total).ok_or(ReportError::OutOfRange)?;
    let formula = format!("=B{}-{whole}", row.saturating_add(1));
    sheet.cell(row, 2, Cell::Formula(&formula, &value.to_plain()))
}
