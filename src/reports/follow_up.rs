//! The expected bodies of a campaign as a file: the list that the page shows, its filter and its order kept.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::codes::CodeLists;
use crate::domain::follow_up::{Axis, Class, Row};
use crate::domain::instant::Instant;
use crate::domain::scope::region_name;
use crate::domain::year::FlowYear;
use crate::reports::Result;
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::xlsx::{Book, Cell, Style};

/// The columns of both formats: key of the CSV, header of the workbook, width, look.
pub const COLUMNS: [(&str, &str, u16, Style); 17] = [
    ("siren", "SIREN", 11, Style::Code),
    ("nom", "Nom", 36, Style::Text),
    ("nature", "Nature juridique", 26, Style::Text),
    ("categorie", "Catégorie", 30, Style::Text),
    ("departement", "Département", 12, Style::Code),
    ("region", "Région", 8, Style::Code),
    ("nom_region", "Nom de la région", 26, Style::Text),
    ("hors_total", "Comptée dans une autre région", 14, Style::Code),
    ("population", "Population", 12, Style::Whole),
    ("situation", "Situation", 24, Style::Text),
    ("correction", "Correction non déposée", 13, Style::Code),
    ("depot", "Premier dépôt", 13, Style::Day),
    ("ressources_propres", "Ressources propres (€), provisoire", 18, Style::Euros),
    ("motif", "Attendue parce que", 56, Style::Code),
    ("dernier_exercice", "Dernier exercice déclaré", 14, Style::Text),
    ("dernier_montant", "Dernier montant déclaré (€)", 18, Style::Euros),
    ("contact", "Contact connu", 11, Style::Code),
];

/// What the rows are of.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Of which payments.
    pub year: FlowYear,
    /// When the list was made.
    pub at: Instant,
    /// The code lists.
    pub codes: &'a CodeLists,
}

const fn yes(is: bool) -> &'static str {
    if is { "oui" } else { "non" }
}

/// What the cells of a row that are no part of it say.
struct Texts {
    category: String,
    region: String,
    why: String,
}

impl Texts {
    fn of(row: &Row<'_>, about: About<'_>) -> Self {
        Self {
            category: Axis::Category.name_of(Axis::Category.code_of(row), about.codes),
            region: region_name(&row.body.region, about.codes),
            why: row.body.why(about.year),
        }
    }

    fn cells<'a>(&'a self, row: &Row<'a>) -> [Cell<'a>; 17] {
        let (body, last) = (row.body, row.body.last);
        [
            Cell::Text(body.siren.as_str()),
            Cell::Text(&body.name),
            Cell::Text(body.kind.label()),
            Cell::Text(&self.category),
            Cell::Text(body.departement.as_deref().unwrap_or_default()),
            Cell::Text(&body.region),
            Cell::Text(&self.region),
            Cell::Text(yes(row.is_associated)),
            body.population.map_or(Cell::Blank, |population| Cell::Whole(i64::from(population))),
            Cell::Text(Class::of(row.progress).label()),
            Cell::Text(yes(row.corrects)),
            row.filed.map_or(Cell::Blank, |filed| Cell::Day(filed.first_on)),
            row.filed.map_or(Cell::Blank, |filed| Cell::Euros(filed.own)),
            Cell::Text(&self.why),
            last.map_or(Cell::Blank, |last| Cell::Whole(i64::from(last.flow_year.get()))),
            last.map_or(Cell::Blank, |last| Cell::Euros(last.amount)),
            Cell::Text(yes(row.is_reachable)),
        ]
    }
}

/// Writes the CSV.
///
/// # Errors
/// When it cannot be written.
pub fn csv(rows: &[Row<'_>], about: About<'_>, out: impl Write) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(COLUMNS.map(|(key, ..)| key))?;
    for row in rows {
        let texts = Texts::of(row, about);
        let field = |told| match told {
            Cell::Text(text) => cell(text),
            Cell::Whole(value) => value.to_string(),
            Cell::Euros(amount) => amount.to_plain(),
            Cell::Day(day) => day.to_iso(),
            Cell::Blank | Cell::Number(_) | Cell::Formula(..) => String::new(),
        };
        csv.write_record(texts.cells(row).map(field))?;
    }
    csv.flush()?;
    Ok(())
}

/// Writes the workbook.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx(
    rows: &[Row<'_>],
    about: About<'_>,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let mut book = Book::new("Collectivités attendues", about.at, temporary)?;
    let mut sheet = book.sheet("Collectivités")?;
    sheet.columns(COLUMNS.map(|(_, _, width, style)| (width, style)))?;
    sheet.height(0, 32)?;
    sheet.header(0, COLUMNS.map(|(_, header, ..)| header))?;
    sheet.freeze(1, 2)?;
    let mut last = 0;
    for (place, row) in (1_u32..).zip(rows) {
        let texts = Texts::of(row, about);
        for (column, cell) in (0_u16..).zip(texts.cells(row)) {
            sheet.cell(place, column, cell)?;
        }
        last = place;
    }
    sheet.filter(0, last, u16::try_from(COLUMNS.len()).unwrap_or_default().saturating_sub(1))?;
    book.push(sheet);
    book.save(out)?;
    Ok(())
}
