//! `rust_xlsxwriter` alone: the cells of a report, already in memory, written in constant memory.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use calamine::{Data, Reader, Xlsx};
use eapd::domain::day::Day;
use eapd::reports::Unit;
use eapd::reports::crs::items::items;
use eapd::reports::lines::columns::COLUMNS;
use eapd::reports::tresor::line_columns::LINE_COLUMNS;
use eapd::reports::xlsx::Style;
use rust_xlsxwriter::{ExcelDateTime, Workbook, Worksheet};

use super::Timed;
use crate::support::Result;

/// A cell, ready to be written.
enum Cell {
    Blank,
    Text(Box<str>),
    Number(f64),
    Day(ExcelDateTime),
}

/// A sheet, ready to be written: its columns give the look of the cells.
struct Sheet {
    name: String,
    looks: Vec<(u16, Style)>,
    rows: Vec<Vec<Cell>>,
}

/// `workbook lines IN.csv OUT.xlsx`: the cells of the lines, from their CSV.
pub fn lines(from: &Path, out: &Path) -> Result<Timed> {
    let mut csv = csv::ReaderBuilder::new().delimiter(b';').from_path(from)?;
    let mut rows = vec![COLUMNS.iter().map(|column| Cell::Text(column.header.into())).collect()];
    let mut record = csv::StringRecord::new();
    while csv.read_record(&mut record)? {
        let cells = record.iter().zip(COLUMNS).map(|(text, column)| read(text, column.style));
        rows.push(cells.collect::<Result<_>>()?);
    }
    let looks = COLUMNS.iter().map(|column| (column.width, column.style)).collect();
    write(&[Sheet { name: "Lignes".to_owned(), looks, rows }], out)
}

fn read(text: &str, style: Style) -> Result<Cell> {
    Ok(match style {
        _ if text.is_empty() => Cell::Blank,
        Style::Euros | Style::Whole => Cell::Number(text.parse()?),
        Style::Day => {
            let day: Day = text.parse()?;
            let date = day.date();
            let year = u16::try_from(date.year())?;
            Cell::Day(ExcelDateTime::from_ymd(year, u8::from(date.month()), date.day())?)
        }
        _ => Cell::Text(text.into()),
    })
}

/// `workbook tresor IN.xlsx OUT.xlsx`: the cells of every sheet of a Trésor workbook.
pub fn tresor(from: &Path, out: &Path) -> Result<Timed> {
    copied(from, out, &LINE_COLUMNS.iter().map(|column| (column.width, column.style)).collect::<Vec<_>>())
}

/// `workbook crs IN.xlsx OUT.xlsx`: the cells of every sheet of a workbook of CRS++ lines.
pub fn crs(from: &Path, out: &Path) -> Result<Timed> {
    let looks: Vec<_> = items()?.iter().map(|item| (item.width(), item.style(Unit::Euro))).collect();
    copied(from, out, &looks)
}

/// The cells of every sheet of a workbook, whose sheets of lines have these looks.
fn copied(from: &Path, out: &Path, of_lines: &[(u16, Style)]) -> Result<Timed> {
    let mut book: Xlsx<_> = calamine::open_workbook(from)?;
    let mut sheets = vec![];
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name)?;
        let rows = range.rows().map(|row| row.iter().map(taken).collect::<Result<_>>());
        let looks = if name.starts_with("Lignes") { of_lines.to_vec() } else { vec![] };
        sheets.push(Sheet { looks, rows: rows.collect::<Result<_>>()?, name });
    }
    drop(book);
    write(&sheets, out)
}

fn taken(cell: &Data) -> Result<Cell> {
    Ok(match cell {
        Data::Empty => Cell::Blank,
        Data::Float(number) => Cell::Number(*number),
        Data::Int(number) => Cell::Number(i32::try_from(*number)?.into()),
        Data::DateTime(day) => Cell::Day(ExcelDateTime::from_serial_datetime(day.as_f64())?),
        Data::String(text) => Cell::Text(text.as_str().into()),
        other => return Err(format!("no report writes {other:?}").into()),
    })
}

/// What is timed: every cell through the library, with formats where the columns give none, and the file ended.
fn write(sheets: &[Sheet], out: &Path) -> Result<Timed> {
    let started = Instant::now();
    let mut book = Workbook::new();
    for sheet in sheets {
        let written = book.add_worksheet_with_constant_memory()?;
        written.set_name(&sheet.name)?;
        for (column, (width, style)) in (0_u16..).zip(&sheet.looks) {
            written.set_column_width(column, *width)?;
            if *style != Style::Text {
                written.set_column_format(column, &style.format())?;
            }
        }
        for (row, cells) in (0_u32..).zip(&sheet.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                put(written, row, column, cell)?;
            }
        }
    }
    book.save_to_writer(BufWriter::with_capacity(1 << 16, File::create(out)?))?;
    Ok(Timed::since(started))
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<()> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, &**text)?;
        }
        Cell::Number(number) => {
            sheet.write_number(row, column, *number)?;
        }
        Cell::Day(day) => {
            sheet.write_datetime(row, column, day)?;
        }
    }
    Ok(())
}
