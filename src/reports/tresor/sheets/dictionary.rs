//! Sheet 5: the columns, and the codes that the lines use.

use crate::reports::tresor::TITLE;
use crate::reports::tresor::line_columns::LINE_COLUMNS;
use crate::reports::tresor::tally::{List, Tally};
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::{Cell, Sheet};
use crate::reports::{Context, Result};

/// Writes the dictionary.
///
/// # Errors
/// When a cell cannot be written.
pub fn dictionary(book: &mut Book, tally: &Tally, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Dictionnaire")?;
    sheet.columns([(32, Style::Text), (26, Style::Code), (84, Style::Text), (10, Style::Whole)])?;
    let title = format!("{TITLE}\u{a0}: dictionnaire des colonnes et des codes");
    let header = sheet.title(&title, "euros", context)?;
    sheet.header(header, ["Liste", "Code", "Libellé ou sens", "Lignes"])?;
    let first = header.saturating_add(1);
    sheet.freeze(first, 0)?;
    sheet.print((header, header), &title, context)?;
    let mut place = first;
    let mut entry = |list: &str, code: &str, label: &str, lines: Option<u64>| -> Result<()> {
        sheet.cell(place, 0, Cell::Text(list))?;
        sheet.cell(place, 1, Cell::Text(code))?;
        sheet.cell(place, 2, Cell::Text(label))?;
        if let Some(lines) = lines {
            sheet.cell(place, 3, Cell::count(lines))?;
        }
        place = place.saturating_add(1);
        Ok(())
    };
    for column in LINE_COLUMNS {
        entry("Colonnes de «\u{a0}Lignes\u{a0}»", column.header, column.meaning, None)?;
    }
    for column in context.codes.tresor_columns() {
        entry("Colonnes du tableau", &column.code, &column.name_fr, None)?;
    }
    for (list, name) in LISTS {
        for (code, lines) in tally.used(list) {
            entry(name, code, label(list, code, context), Some(lines))?;
        }
    }
    sheet.filter(header, place.saturating_sub(1), 3)?;
    Ok(sheet)
}

const LISTS: [(List, &str); 5] = [
    (List::Recipient, "Bénéficiaires (codes CAD)"),
    (List::Purpose, "Secteurs (codes-objet)"),
    (List::Channel, "Canaux"),
    (List::Nature, "Natures de dépense"),
    (List::AidType, "Types d’aide"),
];

fn label<'a>(list: List, code: &str, context: &'a Context) -> &'a str {
    let (codes, year) = (&context.codes, context.flow_year.get());
    let found: Option<&str> = match list {
        List::Recipient => codes.recipients().nearest(code, year).map(|row| &*row.name_fr),
        List::Purpose => codes.purposes().nearest(code, year).map(|row| &*row.name_fr),
        List::Channel => codes.channels().nearest(code, year).map(|row| &*row.name_fr),
        List::Nature => codes.natures().nearest(code, year).map(|row| &*row.name_fr),
        List::AidType => codes.aid_types().nearest(code, year).map(|row| &*row.name_fr),
    };
    found.unwrap_or_default()
}
