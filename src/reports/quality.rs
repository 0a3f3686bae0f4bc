//! What deserves a look in what was declared: a workbook with an overview, and the findings as CSV.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::quality::{Check, Completeness, Count, Finding, Part};
use crate::domain::year::FlowYear;
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Result, Written};

/// Title of the workbook.
const TITLE: &str = "Qualité des déclarations";

/// A finding with the name of the collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name of the collectivity.
    pub name: String,
    /// What was found.
    pub finding: Finding,
}

/// Everything that deserves a look in a flow year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// By check, then by collectivity.
    pub found: Vec<Named>,
    /// How complete the lines are.
    pub completeness: Completeness,
}

impl Review {
    /// How much a check found.
    #[must_use]
    pub fn count(&self, check: Check) -> u64 {
        let found = self.found.iter().filter(|named| named.finding.check == check).count();
        u64::try_from(found).unwrap_or(u64::MAX)
    }

    fn written(&self, content_sha256: Option<String>) -> Written {
        let rows = u64::try_from(self.found.len()).unwrap_or(u64::MAX);
        Written { content_sha256, rows, total_own: self.completeness.all.own }
    }
}

/// Writes findings, each with the name of its collectivity.
///
/// # Errors
/// When it cannot be written.
pub fn csv(year: FlowYear, found: &[Named], out: impl Write) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(["controle", "siren", "nom", "exercice", "reference", "constat"])?;
    for Named { name, finding } in found {
        csv.write_record([
            finding.check.code(),
            finding.siren.as_str(),
            &cell(name),
            &year.to_string(),
            &cell(finding.reference.as_deref().unwrap_or("")),
            &cell(&finding.told),
        ])?;
    }
    Ok(csv.flush()?)
}

/// Writes the report as CSV: its findings.
///
/// # Errors
/// When it cannot be written.
pub fn report_csv(review: &Review, context: &Context, out: impl Write) -> Result<Written> {
    csv(context.flow_year, &review.found, out)?;
    Ok(review.written(None))
}

/// Writes the workbook: what there is to see in one look, then each finding.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx(
    review: &Review,
    context: &Context,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<Written> {
    let mut book = Book::of_report(TITLE, context, temporary)?;
    let sheet = overview(&mut book, review, context)?;
    book.push(sheet);
    let sheet = findings(&mut book, review, context)?;
    book.push(sheet);
    Ok(review.written(book.save(out)?))
}

/// Sheet 1: completeness, what each check found, sums by type of channel.
fn overview(book: &mut Book, review: &Review, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Vue d’ensemble")?;
    sheet.columns([(52, Style::Text), (12, Style::Whole), (22, Style::Euros), (16, Style::Percent)])?;
    let top = sheet.title(TITLE, "euros", context)?;
    sheet.print((top, top), TITLE, context)?;
    let all = review.completeness.all;
    let mut row = top;
    sheet.header(row, ["Ce que disent les lignes", "Lignes", "Ressources propres", "Part des lignes (%)"])?;
    let parts = Part::ALL.into_iter().zip(review.completeness.parts);
    for (label, count) in parts.map(|(part, count)| (part.label(), count)) {
        row = row.saturating_add(1);
        counted(&mut sheet, row, label, count, all)?;
    }
    row = row.saturating_add(1);
    counted(&mut sheet, row, "Toutes les lignes", all, all)?;
    row = row.saturating_add(2);
    sheet.header(row, ["Par type de canal", "Lignes", "Ressources propres", "Part des lignes (%)"])?;
    for (code, count) in &review.completeness.channels {
        row = row.saturating_add(1);
        counted(&mut sheet, row, &channel(code, context), *count, all)?;
    }
    row = row.saturating_add(2);
    sheet.header(row, ["À regarder", "Constats"])?;
    for check in Check::ALL {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(check.label()))?;
        sheet.cell(row, 1, Cell::count(review.count(check)))?;
    }
    Ok(sheet)
}

/// A type of channel, by its code and French name.
fn channel(code: &str, context: &Context) -> String {
    let found = context.codes.channels().nearest(code, context.flow_year.get());
    found.map_or_else(|| code.to_owned(), |found| format!("{code}\u{a0}: {}", found.name_fr))
}

fn counted(sheet: &mut Sheet, row: u32, label: &str, count: Count, all: Count) -> Result<()> {
    sheet.cell(row, 0, Cell::Text(label))?;
    sheet.cell(row, 1, Cell::count(count.lines))?;
    sheet.cell(row, 2, Cell::Euros(count.own))?;
    sheet.cell(row, 3, Cell::count(count.percent_of(all)))
}

/// Sheet 2: each finding.
fn findings(book: &mut Book, review: &Review, context: &Context) -> Result<Sheet> {
    let title = format!("{TITLE}\u{a0}: constats");
    let mut sheet = book.sheet("Constats")?;
    sheet.columns([
        (34, Style::Text),
        (12, Style::Code),
        (40, Style::Text),
        (22, Style::Code),
        (100, Style::Wrapped),
    ])?;
    let header = sheet.title(&title, "euros", context)?;
    sheet.header(header, ["Contrôle", "SIREN", "Collectivité", "Ligne", "Constat"])?;
    sheet.freeze(header.saturating_add(1), 0)?;
    sheet.print((header, header), &title, context)?;
    let mut row = header;
    for Named { name, finding } in &review.found {
        row = row.saturating_add(1);
        sheet.cell(row, 0, Cell::Text(finding.check.label()))?;
        sheet.cell(row, 1, Cell::Text(finding.siren.as_str()))?;
        sheet.cell(row, 2, Cell::Text(name))?;
        sheet.cell(row, 3, Cell::Text(finding.reference.as_deref().unwrap_or("toutes")))?;
        sheet.cell(row, 4, Cell::Text(&finding.told))?;
    }
    sheet.filter(header, row, 4)?;
    Ok(sheet)
}
