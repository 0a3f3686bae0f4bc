//! Sheet 4: what to check before using the figures.

use rust_xlsxwriter::utility::row_col_to_cell;

use crate::domain::filing::FilingKind;
use crate::reports::tresor::TITLE;
use crate::reports::tresor::controls::{Controls, Rounding};
use crate::reports::tresor::tally::Tally;
use crate::reports::xlsx::Book;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::{Cell, Sheet};
use crate::reports::{Context, ReportError, Result, Unit};

/// The sheet and the next free row.
struct Writer {
    sheet: Sheet,
    row: u32,
}

impl Writer {
    fn section(&mut self, headers: [&str; 5]) -> Result<()> {
        self.row = self.row.saturating_add(1);
        for (column, header) in (0_u16..).zip(headers) {
            if column == 0 || !header.is_empty() {
                let style = if (1..4).contains(&column) { Style::SectionRight } else { Style::Section };
                self.sheet.put(self.row, column, Cell::Text(header), style)?;
            }
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    fn entry(&mut self, label: &str, cells: &[(u16, Cell<'_>)], remark: &str) -> Result<()> {
        self.sheet.cell(self.row, 0, Cell::Text(label))?;
        for (column, cell) in cells {
            self.sheet.cell(self.row, *column, *cell)?;
        }
        self.sheet.cell(self.row, 4, Cell::Text(remark))?;
        self.row = self.row.saturating_add(1);
        Ok(())
    }
}

/// Writes the controls.
///
/// # Errors
/// When a cell cannot be written, or a sum leaves the range.
pub fn controls(book: &mut Book, controls: &Controls, tally: &Tally, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Contrôles")?;
    let columns =
        [(62, Style::Text), (14, Style::Whole), (20, Style::Euros), (20, Style::Euros), (70, Style::Text)];
    sheet.columns(columns)?;
    let title = format!("{TITLE}\u{a0}: contrôles");
    let row = sheet.title(&title, "euros", context)?;
    sheet.print((0, 2), &title, context)?;
    let mut writer = Writer { sheet, row: row.saturating_sub(1) };
    sums(&mut writer, controls, tally, context)?;
    roundings(&mut writer, controls, context.unit)?;
    candidates(&mut writer, controls)?;
    filings(&mut writer, context)?;
    Ok(writer.sheet)
}

fn sums(writer: &mut Writer, controls: &Controls, tally: &Tally, context: &Context) -> Result<()> {
    writer.section(["Sommes exactes", "Lignes", "Euros", "", "Remarque"])?;
    writer.entry(
        "Lignes en vigueur, montant versé",
        &[(1, Cell::count(tally.lines())), (2, Cell::Euros(tally.paid))],
        "",
    )?;
    writer.entry(
        "dont cofinancements reçus",
        &[(2, Cell::Euros(tally.cofinancing))],
        "Part que d’autres supportent, déduite",
    )?;
    let kept = writer.row;
    writer.entry(
        "Lignes retenues, ressources propres",
        &[(1, Cell::count(tally.kept.lines)), (2, Cell::Euros(tally.kept.own))],
        "Ce que comptent le tableau et les répartitions",
    )?;
    let sealed = writer.row;
    writer.entry(
        "Versions déposées, ressources propres scellées",
        &[(1, Cell::count(context.filings.lines)), (2, Cell::Euros(context.filings.total_own))],
        "Totaux inscrits avec chaque dépôt",
    )?;
    let difference = tally.kept.own.checked_sub(context.filings.total_own).ok_or(ReportError::OutOfRange)?;
    let formula = format!("={}-{}", row_col_to_cell(kept, 2), row_col_to_cell(sealed, 2));
    writer.entry(
        "Écart entre lignes et versions déposées",
        &[(2, Cell::Formula(&formula, &difference.to_plain()))],
        "Toujours nul\u{a0}: sinon le rapport n’est pas établi",
    )?;
    writer.entry(
        "Lignes écartées (ressources propres nulles)",
        &[(1, Cell::count(tally.left_out)), (2, Cell::Euros(crate::domain::euros::Euros::ZERO))],
        "Gardées dans la feuille «\u{a0}Lignes\u{a0}», hors du tableau",
    )?;
    let shown = context.unit.euros(controls.whole.shown).ok_or(ReportError::OutOfRange)?;
    let table = writer.row;
    writer.entry("Total du tableau, en euros", &[(2, Cell::Euros(shown))], "Somme des cellules arrondies")?;
    let formula = format!("={}-{}", row_col_to_cell(table, 2), row_col_to_cell(kept, 2));
    writer.entry(
        "Différence d’arrondi du tableau",
        &[(2, Cell::Formula(&formula, &controls.whole.difference.to_plain()))],
        "Chaque cellule est arrondie à l’unité du tableau, les totaux additionnent les cellules arrondies",
    )
}

fn roundings(writer: &mut Writer, controls: &Controls, unit: Unit) -> Result<()> {
    let shown = match unit {
        Unit::Euro => "Tableau",
        Unit::Thousand => "Tableau (k€)",
    };
    writer.section(["Arrondis par colonne du tableau", shown, "Somme exacte", "Différence", ""])?;
    for rounding in controls.columns.iter().chain([&controls.whole]) {
        self::rounding(writer, rounding, unit)?;
    }
    Ok(())
}

fn rounding(writer: &mut Writer, rounding: &Rounding, unit: Unit) -> Result<()> {
    let label = format!("{} {}", rounding.code, rounding.name);
    let shown = unit.text(rounding.shown);
    let formula =
        format!("={}*{}-{}", row_col_to_cell(writer.row, 1), unit.factor(), row_col_to_cell(writer.row, 2));
    let difference = rounding.difference.to_plain();
    let label = if rounding.code == "TOTAL" { rounding.name.as_str() } else { &label };
    writer.entry(
        label,
        &[
            (1, Cell::Number(&shown)),
            (2, Cell::Euros(rounding.exact)),
            (3, Cell::Formula(&formula, &difference)),
        ],
        "",
    )
}

fn candidates(writer: &mut Writer, controls: &Controls) -> Result<()> {
    writer.section(["Doubles comptes possibles", "Lignes", "Euros", "", "Remarque"])?;
    for candidate in &controls.candidates {
        let cells = [(1, Cell::count(candidate.total.lines)), (2, Cell::Euros(candidate.total.own))];
        writer.entry(
            &candidate.label,
            &cells,
            "Compris dans le tableau\u{a0}: à rapprocher des autres déclarants",
        )?;
    }
    Ok(())
}

fn filings(writer: &mut Writer, context: &Context) -> Result<()> {
    writer.section(["Déclarations en vigueur", "Nombre", "", "", "Remarque"])?;
    let counts = &context.filings;
    let declarants = Cell::count(counts.declarants());
    writer.entry("Collectivités déclarantes", &[(1, declarants)], "Toutes versions sauf annulées")?;
    for (kind, label, remark) in [
        (FilingKind::Declared, "dont déclarées", "Déposées par la collectivité"),
        (FilingKind::Nil, "dont néant", "«\u{a0}Rien versé\u{a0}», signé par la collectivité"),
        (FilingKind::Rectified, "dont rectifiées", "Corrigées par le ministère"),
        (FilingKind::TakenOver, "dont reprises", "Reçues hors délai, reprises par le ministère"),
        (FilingKind::Annulled, "Annulées", "L’exercice compte comme non déclaré"),
    ] {
        writer.entry(label, &[(1, Cell::count(counts.kind(kind)))], remark)?;
    }
    Ok(())
}
