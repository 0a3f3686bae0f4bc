//! Sheet 2: every cut, each with its total.

use rust_xlsxwriter::utility::row_col_to_cell;

use crate::domain::summary::{Cut, Share, Sum, Summary, Table};
use crate::reports::summary::TITLE;
use crate::reports::summary::sheets::{Amount, euros, share};
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Result};

/// Columns of amounts: own resources, refugees, the rest.
const AMOUNTS: [(u16, Amount); 3] = [(3, |sum| sum.own), (4, |sum| sum.refugees), (5, Sum::without_refugees)];

/// Writes every cut, and gives the cell of each total of own resources.
///
/// # Errors
/// When a cell cannot be written.
pub fn tables(book: &mut Book, summary: &Summary, context: &Context) -> Result<(Sheet, Vec<(Cut, String)>)> {
    let mut sheet = book.sheet("Tableaux")?;
    let title = format!("{TITLE}\u{a0}: tableaux");
    sheet.columns([
        (20, Style::Code),
        (56, Style::Text),
        (9, Style::Whole),
        (19, Style::Euros),
        (19, Style::Euros),
        (19, Style::Euros),
        (10, Style::Text),
        (19, Style::Euros),
        (12, Style::Text),
        (13, Style::Whole),
    ])?;
    let mut row = sheet.title(&title, "euros", context)?;
    sheet.freeze(row, 2)?;
    sheet.print((0, 2), &title, context)?;
    let mut totals = vec![];
    for table in &summary.tables {
        let total = write(&mut sheet, table, summary, &mut row)?;
        totals.push((table.cut, total));
        row = row.saturating_add(2);
    }
    Ok((sheet, totals))
}

fn write(sheet: &mut Sheet, table: &Table, summary: &Summary, row: &mut u32) -> Result<String> {
    let before = format!("{} hors réfugiés", summary.flow_year.get().saturating_sub(1));
    sheet.put(*row, 0, Cell::Text(table.cut.title()), Style::Section)?;
    *row = row.saturating_add(1);
    sheet.height(*row, 32)?;
    sheet.header(
        *row,
        [
            "Code",
            table.cut.header(),
            "Lignes",
            "Ressources propres",
            "dont réfugiés",
            "Hors réfugiés",
            "Part (%)",
            &before,
            "Évolution (%)",
            "Déclarantes",
        ],
    )?;
    let first = row.saturating_add(1);
    let part = |sum: Sum| Share::of(sum.without_refugees(), summary.total.without_refugees());
    for one in &table.rows {
        *row = row.saturating_add(1);
        sheet.cell(*row, 0, Cell::Text(&one.class))?;
        sheet.cell(*row, 1, Cell::Text(&one.name))?;
        sheet.cell(*row, 2, Cell::count(one.now.lines))?;
        for (column, amount) in AMOUNTS {
            sheet.cell(*row, column, Cell::Euros(amount(one.now)))?;
        }
        share(sheet, *row, 6, part(one.now))?;
        let before = one.before.map(Sum::without_refugees);
        euros(sheet, *row, 7, before)?;
        share(sheet, *row, 8, before.and_then(|before| Share::change(before, one.now.without_refugees())))?;
        if let Some(declarants) = one.declarants {
            sheet.cell(*row, 9, Cell::count(declarants))?;
        }
    }
    let last = *row;
    *row = row.saturating_add(1);
    let sum = table.total();
    let formula = |column: u16| {
        if last < first {
            return "=0".to_owned();
        }
        format!("=SUM({}:{})", row_col_to_cell(first, column), row_col_to_cell(last, column))
    };
    sheet.put(*row, 0, Cell::Blank, Style::TotalText)?;
    sheet.put(*row, 1, Cell::Text("Total"), Style::TotalText)?;
    sheet.put(*row, 2, Cell::Formula(&formula(2), &sum.lines.to_string()), Style::TotalWhole)?;
    for (column, amount) in AMOUNTS {
        let value = amount(sum).to_plain();
        sheet.put(*row, column, Cell::Formula(&formula(column), &value), Style::TotalEuros)?;
    }
    Ok(row_col_to_cell(*row, 3))
}
