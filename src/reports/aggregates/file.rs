//! The tables as a workbook and as CSV.

use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use crate::domain::crs::CrsLine;
use crate::reports::aggregates::table::{Kind, Row, Table};
use crate::reports::aggregates::tally::Tally;
use crate::reports::aggregates::{MEASURES, TITLE};
use crate::reports::crs::record::Record;
use crate::reports::crs::{CrsReport, CrsWritten};
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::resolved::Resolved;
use crate::reports::xlsx::{Book, Cell, Sheet, Style};
use crate::reports::{Context, Format, ReportError, Result, Unit, Written};

/// The file being written: nothing until the last line is known.
pub struct Aggregates<W> {
    context: Context,
    tally: Tally,
    format: Format,
    temporary: Option<PathBuf>,
    out: W,
}

impl<W: Write + Seek + Send> Aggregates<W> {
    /// Begins a file; a workbook waits in `temporary`, or in the folder of the system.
    #[must_use]
    pub fn begin(context: Context, format: Format, temporary: Option<&Path>, out: W) -> Self {
        let temporary = temporary.map(Path::to_path_buf);
        Self { context, tally: Tally::default(), format, temporary, out }
    }
}

impl<W: Write + Seek + Send> CrsReport for Aggregates<W> {
    fn line(&mut self, line: &CrsLine) -> Result<()> {
        let Some(resolved) = Resolved::new(&line.filed, &self.context)? else { return Ok(()) };
        if line.is_withdrawn {
            return Ok(());
        }
        self.tally.line(resolved.own)?;
        if resolved.own.is_zero() {
            return Ok(());
        }
        let mut row = Record::of_line(&resolved, self.context.flow_year);
        row.identify(&line.filed.line, line.known);
        self.tally.row(&row)
    }

    fn finish(self: Box<Self>) -> Result<CrsWritten> {
        let Self { context, tally, format, temporary, out, .. } = *self;
        context.check_sealed(tally.lines.0, tally.lines.1)?;
        let tables = [Table::by_aid_type(&tally, &context)?, Table::by_recipient(&tally, &context)?];
        let content_sha256 = if format == Format::Csv {
            csv(&tables, &context, out)?;
            None
        } else {
            let mut book = Book::of_report(TITLE, &context, temporary.as_deref())?;
            for table in &tables {
                let sheet = sheet(&mut book, table, &context)?;
                book.push(sheet);
            }
            let sheet = controls(&mut book, &tables, &tally, &context)?;
            book.push(sheet);
            book.save(out)?
        };
        let written = Written { content_sha256, rows: tally.all.lines, total_own: tally.all.exact[0] };
        Ok(CrsWritten::unchecked(written))
    }
}

fn csv<W: Write>(tables: &[Table], context: &Context, out: W) -> Result<()> {
    let mut csv = csv_writer(out)?;
    let measures = MEASURES.map(|(key, _)| key);
    let headers = ["exercice", "tableau", "nature", "code", "libelle", "unite", "lignes"];
    csv.write_record(headers.into_iter().chain(measures))?;
    let (year, unit) = (context.flow_year.to_string(), context.unit.factor().to_string());
    for table in tables {
        for row in &table.rows {
            let (lines, label) = (row.sums.lines.to_string(), cell(&row.label));
            let told = [&*year, table.code, row.kind.code(), &row.code, &label, &unit, &lines];
            let shown = row.shown.map(|shown| context.unit.text(shown));
            csv.write_record(told.into_iter().chain(shown.iter().map(String::as_str)))?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// The looks of a row: texts, counts, amounts.
const fn looks(kind: Kind, unit: Unit) -> [Style; 3] {
    match (kind, unit) {
        (Kind::Item, Unit::Euro) => [Style::Text, Style::Whole, Style::Euros],
        (Kind::Item, Unit::Thousand) => [Style::Text, Style::Whole, Style::Whole],
        (Kind::Subtotal, Unit::Euro) => [Style::TotalText, Style::TotalWhole, Style::TotalEuros],
        (Kind::Subtotal, Unit::Thousand) => [Style::TotalText, Style::TotalWhole, Style::TotalWhole],
        (Kind::Total, Unit::Euro) => [Style::GrandText, Style::GrandWhole, Style::GrandEuros],
        (Kind::Total, Unit::Thousand) => [Style::GrandText, Style::GrandWhole, Style::GrandWhole],
    }
}

fn sheet(book: &mut Book, table: &Table, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet(table.name)?;
    let widths = [16, 116, 10, 20, 20, 22, 22];
    sheet.columns(widths.into_iter().map(|width| (width, Style::Text)))?;
    let title = format!("{TITLE}\u{a0}: {}", table.name);
    let header = sheet.title(&title, context.unit.label(), context)?;
    sheet.height(header, 48)?;
    sheet.header(
        header,
        ["Code", "Libellé", "Lignes CRS"].into_iter().chain(MEASURES.map(|(_, name)| name)),
    )?;
    sheet.freeze(header.saturating_add(1), 2)?;
    sheet.print((header, header), &title, context)?;
    for (place, row) in (header.saturating_add(1)..).zip(&table.rows) {
        let [text, whole, amount] = looks(row.kind, context.unit);
        let code = if row.kind == Kind::Item { Style::Code } else { text };
        sheet.put(place, 0, Cell::Text(&row.code), code)?;
        sheet.put(place, 1, Cell::Text(&row.label), text)?;
        sheet.put(place, 2, Cell::count(row.sums.lines), whole)?;
        for (column, shown) in (3_u16..).zip(row.shown) {
            sheet.put(place, column, Cell::Number(&context.unit.text(shown)), amount)?;
        }
    }
    Ok(sheet)
}

/// What the tables add up to beside the lines, exact, and what rounding makes of it.
fn controls(book: &mut Book, tables: &[Table], tally: &Tally, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet("Contrôles")?;
    sheet.columns([
        (62, Style::Text),
        (12, Style::Whole),
        (20, Style::Euros),
        (20, Style::Euros),
        (70, Style::Code),
    ])?;
    let title = format!("{TITLE}\u{a0}: contrôles");
    let header = sheet.title(&title, "euros", context)?;
    sheet.header(header, ["Somme exacte", "Lignes", "Versements", "Engagements", "Remarque"])?;
    sheet.print((header, header), &title, context)?;
    let mut place = header;
    let mut entry =
        |label: &str, lines: Option<u64>, amounts: [crate::domain::euros::Euros; 2], remark: &str| {
            place = place.saturating_add(1);
            sheet.cell(place, 0, Cell::Text(label))?;
            sheet.cell(place, 1, lines.map_or(Cell::Blank, Cell::count))?;
            for (column, amount) in (2_u16..).zip(amounts) {
                sheet.cell(place, column, Cell::Euros(amount))?;
            }
            sheet.cell(place, 4, Cell::Text(remark))
        };
    let [paid, committed, ..] = tally.all.exact;
    entry(
        "Lignes CRS++",
        Some(tally.all.lines),
        [paid, committed],
        "Celles du rapport ocde-crs, lignes retirées exceptées",
    )?;
    let sealed = context.filings.total_own;
    entry(
        "Versions déposées, ressources propres scellées",
        Some(context.filings.lines),
        [sealed, sealed],
        "Lignes sans ressources propres comprises",
    )?;
    let less =
        |left: crate::domain::euros::Euros, right| left.checked_sub(right).ok_or(ReportError::OutOfRange);
    for table in tables {
        let Some(Row { sums, shown, .. }) = table.whole() else { continue };
        let [own, engaged, ..] = sums.exact;
        entry(&format!("{}, somme exacte", table.name), Some(sums.lines), [own, engaged], "")?;
        let differences = [less(own, paid)?, less(engaged, committed)?];
        entry(&format!("{}, écart avec les lignes", table.name), None, differences, "Toujours nul")?;
        let euros = |shown: i64| context.unit.euros(shown).ok_or(ReportError::OutOfRange);
        let rounded = [less(euros(shown[0])?, own)?, less(euros(shown[1])?, engaged)?];
        entry(
            &format!("{}, différence d’arrondi", table.name),
            None,
            rounded,
            "Les totaux additionnent les cellules arrondies",
        )?;
    }
    Ok(sheet)
}
