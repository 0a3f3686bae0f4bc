//! The sheets around the rows: controls, cross-checks, dictionary.

use std::io::{Seek, Write};

use rust_xlsxwriter::utility::row_col_to_cell;

use crate::domain::crs::Submission;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::reports::crs::CrsWritten;
use crate::reports::crs::checks::{CHECKS, Checked};
use crate::reports::crs::items::Item;
use crate::reports::crs::rows::Rows;
use crate::reports::crs::tally::{Tally, Total};
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, ReportError, Result, Written};

/// Faults that a refusal tells.
const FAULTS: usize = 5;

/// Ends a file of rows with its sheets, and says what it says of itself.
///
/// # Errors
/// When it cannot be written.
pub fn end<W: Write + Seek + Send>(
    rows: Rows<W>,
    checked: &Checked,
    tally: &Tally,
    context: &Context,
) -> Result<CrsWritten> {
    let (title, items) = (rows.title, rows.items);
    let content_sha256 = rows.end(|book| {
        Ok(vec![
            controls(book, title, tally, context)?,
            checks(book, title, checked, context)?,
            dictionary(book, title, items, context)?,
        ])
    })?;
    let written = Written { content_sha256, rows: tally.all.rows, total_own: tally.all.disbursement };
    let (faults, fault_count) = (checked.first_errors(FAULTS), checked.errors());
    Ok(CrsWritten { faults, fault_count, ..CrsWritten::unchecked(written) })
}

/// A sheet and its next free row.
struct Page {
    sheet: Sheet,
    row: u32,
}

impl Page {
    fn section(&mut self, headers: [&str; 5]) -> Result<()> {
        self.row = self.row.saturating_add(1);
        for (column, header) in (0_u16..).zip(headers) {
            let style = if (1..4).contains(&column) { Style::SectionRight } else { Style::Section };
            self.sheet.put(self.row, column, Cell::Text(header), style)?;
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    /// Writes an entry and gives its row.
    fn entry(&mut self, label: &str, cells: [Cell<'_>; 3], remark: &str) -> Result<u32> {
        let row = self.row;
        self.sheet.cell(row, 0, Cell::Text(label))?;
        for (column, cell) in (1_u16..).zip(cells) {
            self.sheet.cell(row, column, cell)?;
        }
        self.sheet.cell(row, 4, Cell::Text(remark))?;
        self.row = row.saturating_add(1);
        Ok(row)
    }

    /// The difference of two amounts of the third column, as a formula.
    fn difference(&mut self, label: &str, (less, of): (u32, u32), value: Euros, remark: &str) -> Result<()> {
        let formula = format!("={}-{}", row_col_to_cell(of, 2), row_col_to_cell(less, 2));
        let value = value.to_plain();
        self.entry(label, [Cell::Blank, Cell::Formula(&formula, &value), Cell::Blank], remark)?;
        Ok(())
    }
}

/// Writes the controls: exact euros, what the cells add up to, differences, counts.
fn controls(book: &mut Book, title: &str, tally: &Tally, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Contrôles")?;
    let columns =
        [(62, Style::Text), (14, Style::Whole), (20, Style::Euros), (20, Style::Euros), (74, Style::Code)];
    sheet.columns(columns)?;
    let title = format!("{title}\u{a0}: contrôles");
    let row = sheet.title(&title, context.unit.label(), context)?;
    sheet.print((0, 2), &title, context)?;
    let mut page = Page { sheet, row: row.saturating_sub(1) };
    sums(&mut page, tally, context)?;
    page.section(["Par nature de notification", "Rangs", "Versements", "Engagements", ""])?;
    for submission in Submission::ALL {
        if let Some(total) = tally.natures.get(&submission) {
            let label = format!("{} {}", submission.code(), submission.label());
            amounts(&mut page, &label, total)?;
        }
    }
    let blank = [Cell::Blank, Cell::Blank];
    page.section(["Identifiants et lignes retirées", "Rangs", "", "", "Remarque"])?;
    page.entry(
        "Rangs sans identifiant CRS",
        [Cell::count(tally.unnamed), blank[0], blank[1]],
        "Un identifiant n’est attribué qu’à la publication d’une édition",
    )?;
    page.entry(
        "Lignes retirées depuis l’édition précédente",
        [Cell::count(tally.withdrawn), blank[0], blank[1]],
        "Notifiées en révision (nature 2), montants nuls",
    )?;
    page.section(["Déclarations en vigueur", "Nombre", "", "", "Remarque"])?;
    for (kind, label) in [
        (FilingKind::Declared, "Déclarées"),
        (FilingKind::Nil, "Néant"),
        (FilingKind::Rectified, "Rectifiées"),
        (FilingKind::TakenOver, "Reprises"),
        (FilingKind::Annulled, "Annulées"),
    ] {
        page.entry(label, [Cell::count(context.filings.kind(kind)), blank[0], blank[1]], "")?;
    }
    Ok(page.sheet)
}

fn amounts(page: &mut Page, label: &str, total: &Total) -> Result<u32> {
    let cells = [Cell::count(total.rows), Cell::Euros(total.disbursement), Cell::Euros(total.commitment)];
    page.entry(label, cells, "")
}

fn sums(page: &mut Page, tally: &Tally, context: &Context) -> Result<()> {
    let less = |left: Euros, right: Euros| left.checked_sub(right).ok_or(ReportError::OutOfRange);
    let sum = |lines: u64, own: Euros| [Cell::count(lines), Cell::Euros(own), Cell::Blank];
    page.section(["Sommes exactes, en euros", "Lignes", "Versements", "Engagements", "Remarque"])?;
    let lines = page.entry("Lignes en vigueur, ressources propres", sum(tally.lines, tally.own), "")?;
    let sealed = page.entry(
        "Versions déposées, ressources propres scellées",
        sum(context.filings.lines, context.filings.total_own),
        "Totaux inscrits avec chaque dépôt",
    )?;
    page.difference(
        "Écart entre lignes et versions déposées",
        (sealed, lines),
        less(tally.own, context.filings.total_own)?,
        "Toujours nul\u{a0}: sinon le rapport n’est pas établi",
    )?;
    page.entry(
        "Lignes écartées (ressources propres nulles)",
        sum(tally.left_out, Euros::ZERO),
        "Supportées entièrement par d’autres\u{a0}: non notifiées",
    )?;
    let rows = amounts(page, "Rangs notifiés", &tally.all)?;
    page.difference(
        "Écart entre rangs notifiés et lignes",
        (lines, rows),
        less(tally.all.disbursement, tally.own)?,
        "Toujours nul",
    )?;
    let euros = |shown: i64| context.unit.euros(shown).ok_or(ReportError::OutOfRange);
    let (shown, committed) = (euros(tally.all.shown_disbursement)?, euros(tally.all.shown_commitment)?);
    let cells = page.entry(
        "Somme des cellules du fichier, en euros",
        [Cell::count(tally.all.rows), Cell::Euros(shown), Cell::Euros(committed)],
        "Chaque cellule est arrondie à l’unité du fichier, séparément",
    )?;
    let difference =
        |column: u16| format!("={}-{}", row_col_to_cell(cells, column), row_col_to_cell(rows, column));
    let values = [less(shown, tally.all.disbursement)?, less(committed, tally.all.commitment)?];
    let [paid, committed] = values.map(Euros::to_plain);
    let formulas = [difference(2), difference(3)];
    page.entry(
        "Différence d’arrondi",
        [Cell::Blank, Cell::Formula(&formulas[0], &paid), Cell::Formula(&formulas[1], &committed)],
        "Nulle en euros",
    )?;
    Ok(())
}

/// Writes what was checked, and what does not hold.
fn checks(book: &mut Book, title: &str, checked: &Checked, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Vérifications")?;
    sheet.columns([
        (12, Style::Code),
        (16, Style::Text),
        (16, Style::Code),
        (120, Style::Code),
        (12, Style::Whole),
    ])?;
    let title = format!("{title}\u{a0}: vérifications croisées");
    let header = sheet.title(&title, context.unit.label(), context)?;
    sheet.header(header, ["Contrôle", "Portée", "Lignes vues", "Ce qui doit être vrai", "En défaut"])?;
    sheet.print((header, header), &title, context)?;
    let mut place = header.saturating_add(1);
    let scope = |is_error| if is_error { "Bloquant" } else { "À regarder" };
    for (check, found) in CHECKS.iter().zip(checked.counts) {
        sheet.cell(place, 0, Cell::Text(check.code))?;
        sheet.cell(place, 1, Cell::Text(scope(check.is_error)))?;
        sheet.put(place, 2, Cell::count(checked.rows), Style::Whole)?;
        sheet.cell(place, 3, Cell::Text(check.label))?;
        sheet.cell(place, 4, Cell::count(found))?;
        place = place.saturating_add(1);
    }
    place = place.saturating_add(1);
    if checked.faults.is_empty() {
        sheet.put(place, 0, Cell::Text("Aucune ligne en défaut."), Style::Note)?;
        return Ok(sheet);
    }
    sheet.header(place, ["Contrôle", "Portée", "SIREN", "Ligne en défaut"])?;
    for fault in &checked.faults {
        place = place.saturating_add(1);
        sheet.cell(place, 0, Cell::Text(fault.code))?;
        sheet.cell(place, 1, Cell::Text(scope(fault.is_error)))?;
        sheet.cell(place, 2, Cell::Text(&fault.siren))?;
        sheet.cell(place, 3, Cell::Text(&fault.message))?;
    }
    let total: u64 = checked.counts.iter().sum();
    let told = u64::try_from(checked.faults.len()).unwrap_or(u64::MAX);
    if total > told {
        let more = format!("… et {} autres.", total.saturating_sub(told));
        sheet.put(place.saturating_add(1), 3, Cell::Text(&more), Style::Note)?;
    }
    Ok(sheet)
}

/// Writes what each column holds.
fn dictionary(book: &mut Book, title: &str, items: &[Item], context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Dictionnaire")?;
    let columns = [
        (8, Style::Code),
        (40, Style::Text),
        (12, Style::Text),
        (10, Style::Whole),
        (30, Style::Code),
        (130, Style::Text),
        (44, Style::Text),
    ];
    sheet.columns(columns)?;
    let title = format!("{title}\u{a0}: dictionnaire des colonnes");
    let header = sheet.title(&title, context.unit.label(), context)?;
    let headers = ["Point", "Colonne", "Type", "Longueur", "Liste de codes", "Contenu", "Origine"];
    sheet.header(header, headers)?;
    sheet.freeze(header.saturating_add(1), 0)?;
    sheet.print((header, header), &title, context)?;
    for (place, item) in (header.saturating_add(1)..).zip(items) {
        sheet.cell(place, 0, Cell::Text(&item.number))?;
        sheet.cell(place, 1, Cell::Text(&item.name))?;
        sheet.cell(place, 2, Cell::Text(item.kind.label()))?;
        let length =
            item.length.map_or(Cell::Blank, |length| Cell::count(u64::try_from(length).unwrap_or_default()));
        sheet.cell(place, 3, length)?;
        sheet.cell(place, 4, Cell::Text(&item.list))?;
        let content = match item.constant.as_str() {
            "" => item.content.clone(),
            constant => format!("Toujours {constant}\u{a0}: {}", item.content),
        };
        sheet.cell(place, 5, Cell::Text(&content))?;
        sheet.cell(place, 6, Cell::Text(&item.origin))?;
    }
    Ok(sheet)
}
