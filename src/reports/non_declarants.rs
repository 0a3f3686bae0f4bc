//! The expected bodies that have not filed (rule 11), for the SGAR and the reminders.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::collectivity::Collectivity;
use crate::domain::euros::Euros;
use crate::domain::expected::{ExpectedBody, Progress};
use crate::domain::scope::region_name;
use crate::domain::text::fold;
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Cell;
use crate::reports::xlsx::Style;
use crate::reports::{Context, Result, Written};

/// Title of the workbook.
const TITLE: &str = "Collectivités attendues qui n’ont pas déclaré";

/// The columns of both formats: key of the CSV, header of the workbook, width, look.
pub const COLUMNS: [(&str, &str, u16, Style); 13] = [
    ("siren", "SIREN", 11, Style::Code),
    ("nom", "Nom", 36, Style::Text),
    ("nature", "Nature juridique", 26, Style::Text),
    ("departement", "Département", 12, Style::Code),
    ("region", "Région", 8, Style::Code),
    ("nom_region", "Nom de la région", 26, Style::Text),
    ("exercice", "Exercice", 9, Style::Text),
    ("motif", "Attendue parce que", 56, Style::Code),
    ("dernier_exercice", "Dernier exercice déclaré", 17, Style::Text),
    ("dernier_montant", "Dernier montant déclaré (€)", 17, Style::Euros),
    ("brouillon", "Brouillon", 11, Style::Code),
    ("contact", "Contact connu", 11, Style::Code),
    ("population", "Population", 12, Style::Whole),
];

/// A body that has not filed, with what the register says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonDeclarant<'a> {
    /// What is expected of it.
    pub expected: &'a ExpectedBody,
    /// What it is.
    pub body: &'a Collectivity,
}

/// The non-declarants of the scope, by region, département and name. A body that did
/// not exist in the flow year is not expected (rule 9: who declares is who existed).
#[must_use]
pub fn select<'a>(expected: &'a [ExpectedBody], context: &'a Context) -> Vec<NonDeclarant<'a>> {
    let (first, last) = (context.flow_year.first_day(), context.flow_year.last_day());
    let mut found: Vec<NonDeclarant<'a>> = expected
        .iter()
        .filter(|expected| !expected.progress.has_filed())
        .filter_map(|expected| {
            context.bodies.get(&expected.siren).map(|body| NonDeclarant { expected, body })
        })
        .filter(|row| row.body.existed_between(first, last))
        .filter(|row| context.scope.holds(&row.body.region, &context.codes))
        .collect();
    found.sort_by_cached_key(|row| {
        let body = row.body;
        (body.region.clone(), body.departement.clone(), fold(&body.name), row.expected.siren)
    });
    found
}

const fn yes(is: bool) -> &'static str {
    if is { "oui" } else { "non" }
}

/// Writes the CSV.
///
/// # Errors
/// When it cannot be written.
pub fn csv(rows: &[NonDeclarant<'_>], context: &Context, out: impl Write) -> Result<Written> {
    let mut csv = csv_writer(out)?;
    csv.write_record(COLUMNS.map(|(key, ..)| key))?;
    for row in rows {
        let (body, expected) = (row.body, row.expected);
        let last = expected.last;
        csv.write_record([
            expected.siren.as_str(),
            &cell(&body.name),
            body.kind.label(),
            body.departement.as_deref().unwrap_or_default(),
            &body.region,
            &region_name(&body.region, &context.codes),
            &context.flow_year.to_string(),
            &cell(&expected.why(context.flow_year)),
            &last.map(|last| last.flow_year.to_string()).unwrap_or_default(),
            &last.map(|last| last.amount.to_plain()).unwrap_or_default(),
            yes(expected.progress == Progress::Draft),
            yes(expected.has_contact),
            &body.population.map(|population| population.to_string()).unwrap_or_default(),
        ])?;
    }
    csv.flush()?;
    Ok(written(rows.len(), None))
}

/// Writes the workbook.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx(
    rows: &[NonDeclarant<'_>],
    context: &Context,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<Written> {
    let mut book = Book::of_report(TITLE, context, temporary)?;
    let mut sheet = book.sheet("Non-déclarants")?;
    sheet.columns(COLUMNS.map(|(_, _, width, style)| (width, style)))?;
    let header = sheet.title(TITLE, "euros", context)?;
    sheet.height(header, 32)?;
    sheet.header(header, COLUMNS.map(|(_, header, ..)| header))?;
    sheet.freeze(header.saturating_add(1), 2)?;
    sheet.print((header, header), TITLE, context)?;
    let mut place = header;
    for row in rows {
        place = place.saturating_add(1);
        let (body, expected) = (row.body, row.expected);
        let region = region_name(&body.region, &context.codes);
        let why = expected.why(context.flow_year);
        let last = expected.last;
        let cells = [
            Cell::Text(expected.siren.as_str()),
            Cell::Text(&body.name),
            Cell::Text(body.kind.label()),
            Cell::Text(body.departement.as_deref().unwrap_or_default()),
            Cell::Text(&body.region),
            Cell::Text(&region),
            Cell::Whole(i64::from(context.flow_year.get())),
            Cell::Text(&why),
            last.map_or(Cell::Blank, |last| Cell::Whole(i64::from(last.flow_year.get()))),
            last.map_or(Cell::Blank, |last| Cell::Euros(last.amount)),
            Cell::Text(yes(expected.progress == Progress::Draft)),
            Cell::Text(yes(expected.has_contact)),
            body.population.map_or(Cell::Blank, |population| Cell::Whole(i64::from(population))),
        ];
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.cell(place, column, cell)?;
        }
    }
    sheet.filter(header, place, u16::try_from(COLUMNS.len()).unwrap_or_default().saturating_sub(1))?;
    book.push(sheet);
    Ok(written(rows.len(), book.save(out)?))
}

fn written(rows: usize, content_sha256: Option<String>) -> Written {
    Written { content_sha256, rows: u64::try_from(rows).unwrap_or(u64::MAX), total_own: Euros::ZERO }
}
