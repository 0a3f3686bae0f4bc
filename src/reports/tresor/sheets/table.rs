//! Sheet 1: the table of DG Trésor.

use crate::reports::tresor::TITLE;
use crate::reports::tresor::sheets::{sum_across, sum_of};
use crate::reports::tresor::table::{GRAND_TOTAL, Kind, Row, Table};
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::{Cell, Sheet};
use crate::reports::{Context, Result, Unit};

/// Columns before those of the types of aid: code and recipient.
const BEFORE: u16 = 2;

/// Writes the table: recipients by type of aid, by area.
///
/// # Errors
/// When a cell cannot be written.
pub fn table(book: &mut Book, table: &Table, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Tableau Trésor")?;
    let names = context.codes.tresor_columns();
    let types = u16::try_from(names.len()).unwrap_or_default();
    let number = match table.unit {
        Unit::Euro => Style::Euros,
        Unit::Thousand => Style::Whole,
    };
    let widths = [(9, Style::Code), (44, Style::Text)].into_iter();
    let numbers = (0..=types).map(|_| (14, number));
    sheet.columns(widths.chain(numbers))?;
    let title = format!("{TITLE}\u{a0}: destination des versements, par type d’aide");
    let header = sheet.title(&title, table.unit.label(), context)?;

    sheet.put(header, 0, Cell::Text("Code CAD"), Style::Header)?;
    sheet.put(header, 1, Cell::Text("Bénéficiaire"), Style::Header)?;
    for (index, column) in (BEFORE..).zip(names) {
        sheet.put(header, index, Cell::Text(&column.code), Style::Header)?;
    }
    let total = BEFORE.saturating_add(types);
    sheet.put(header, total, Cell::Text("Total"), Style::Header)?;
    let header = header.saturating_add(1);
    sheet.height(header, 48)?;
    sheet.put(header, 0, Cell::Blank, Style::Header)?;
    sheet.put(header, 1, Cell::Text(table.unit.label()), Style::Header)?;
    for (index, column) in (BEFORE..).zip(names) {
        sheet.put(header, index, Cell::Text(&column.name_fr), Style::Header)?;
    }
    sheet.put(header, total, Cell::Blank, Style::Header)?;

    let first = header.saturating_add(1);
    sheet.freeze(first, BEFORE)?;
    sheet.print((header.saturating_sub(1), header), &title, context)?;
    let places: Vec<u32> = (first..).take(table.rows.len()).collect();
    for (row, place) in table.rows.iter().zip(&places) {
        self::row(&mut sheet, row, *place, &places, table.unit)?;
    }
    Ok(sheet)
}

fn row(sheet: &mut Sheet, row: &Row, place: u32, places: &[u32], unit: Unit) -> Result<()> {
    let indent = "\u{2003}".repeat(usize::from(row.level));
    let label = format!("{indent}{}", row.label);
    let (text, number) = styles(row, unit);
    if row.kind == Kind::Area {
        sheet.put(place, 0, Cell::Text(&row.code), Style::Area)?;
        return sheet.put(place, 1, Cell::Text(&label), Style::Area);
    }
    let is_ours = row.code.starts_with(|c: char| c.is_ascii_uppercase());
    sheet.put(place, 0, if is_ours { Cell::Blank } else { Cell::Text(&row.code) }, text)?;
    sheet.put(place, 1, Cell::Text(&label), text)?;
    let added: Vec<u32> = row.adds.iter().filter_map(|index| places.get(*index)).copied().collect();
    for (column, cell) in (BEFORE..).zip(&row.shown) {
        match cell {
            None => sheet.put(place, column, Cell::Blank, number)?,
            Some(value) if added.is_empty() => {
                sheet.put(place, column, Cell::Number(&unit.text(*value)), number)?;
            }
            Some(value) => {
                let formula = sum_of(&added, column);
                sheet.put(place, column, Cell::Formula(&formula, &unit.text(*value)), number)?;
            }
        }
    }
    let last = BEFORE.saturating_add(u16::try_from(row.shown.len()).unwrap_or_default());
    if row.adds.is_empty() && row.shown.iter().all(Option::is_none) {
        return sheet.put(place, last, Cell::Blank, number);
    }
    let formula = sum_across(place, BEFORE, last.saturating_sub(1));
    sheet.put(place, last, Cell::Formula(&formula, &unit.text(row.shown_total)), number)
}

fn styles(row: &Row, unit: Unit) -> (Style, Style) {
    match (row.kind, unit) {
        (Kind::Total, Unit::Euro) if row.code == GRAND_TOTAL => (Style::GrandText, Style::GrandEuros),
        (Kind::Total, Unit::Thousand) if row.code == GRAND_TOTAL => (Style::GrandText, Style::GrandWhole),
        (Kind::Subtotal | Kind::Total, Unit::Euro) => (Style::TotalText, Style::TotalEuros),
        (Kind::Subtotal | Kind::Total, Unit::Thousand) => (Style::TotalText, Style::TotalWhole),
        (_, Unit::Euro) => (Style::Text, Style::Euros),
        (_, Unit::Thousand) => (Style::Text, Style::Whole),
    }
}
