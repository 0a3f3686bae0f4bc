//! What a report says, read back from its file: rows, and the sum of the own resources.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};

use super::Result;
use super::contest::Output;

/// The headers of the own resources.
const AMOUNTS: [&str; 4] = ["Montant", "montant", "Ressources propres", "34 Versements"];
/// The lines in a Data Package.
const PACKED: &str = "lignes.csv";

fn output(rows: u64, cents: i64) -> Output {
    Output { rows, sum: format!("{}.{:02}", cents / 100, cents % 100) }
}

/// A workbook, cell by cell: every sheet of lines.
pub fn workbook(path: &Path) -> Result<Output> {
    let mut book: Xlsx<_> = calamine::open_workbook(path)?;
    let names = book.sheet_names();
    // What Python writes has one sheet, of any name.
    let is_lines = |name: &&String| name.starts_with("Lignes") || names.len() == 1;
    let (mut rows, mut cents) = (0, 0);
    for name in names.iter().filter(is_lines) {
        let mut cells = book.worksheet_cells_reader(name)?;
        let mut amounts = None;
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            match (cell.get_value(), amounts) {
                (DataRef::Float(amount), Some((header, place))) if row > header && column == place => {
                    rows += 1;
                    cents += format!("{amount:.2}").replace('.', "").parse::<i64>()?;
                }
                (DataRef::Int(amount), Some((header, place))) if row > header && column == place => {
                    rows += 1;
                    cents += amount * 100;
                }
                (DataRef::String(text), None) if AMOUNTS.contains(&text.as_str()) => {
                    amounts = Some((row, column));
                }
                (DataRef::SharedString(text), None) if AMOUNTS.contains(text) => {
                    amounts = Some((row, column));
                }
                _ => {}
            }
        }
        amounts.ok_or_else(|| format!("{}: no amounts in {name}", path.display()))?;
    }
    Ok(output(rows, cents))
}

/// The CSV of the lines.
pub fn csv(path: &Path) -> Result<Output> {
    lines_of(File::open(path)?)
}

/// The lines of a Data Package.
pub fn package(path: &Path) -> Result<Output> {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
    lines_of(archive.by_name(PACKED)?)
}

fn lines_of(text: impl Read) -> Result<Output> {
    let mut csv = csv::ReaderBuilder::new().delimiter(b';').from_reader(text);
    let place = csv.headers()?.iter().position(|header| header == "montant").ok_or("no column montant")?;
    let (mut rows, mut cents) = (0, 0);
    let mut record = csv::StringRecord::new();
    while csv.read_record(&mut record)? {
        rows += 1;
        cents += record.get(place).ok_or("no amount")?.replace('.', "").parse::<i64>()?;
    }
    Ok(output(rows, cents))
}

/// The XML of the Trésor: an element a line of text.
pub fn tresor_xml(path: &Path) -> Result<Output> {
    amounts(path, "<ressourcesPropres", Some("</lignes>"))
}

/// The activities of IATI: one value an activity.
pub fn iati(path: &Path) -> Result<Output> {
    amounts(path, "<value", None)
}

/// The amounts in the elements that begin with `open`, until the line `last`.
fn amounts(path: &Path, open: &str, last: Option<&str>) -> Result<Output> {
    let mut text = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut rows, mut cents) = (0, 0);
    let mut line = String::new();
    while text.read_line(&mut line)? > 0 {
        let element = line.trim();
        if last == Some(element) {
            break;
        }
        let content = element.strip_prefix(open).and_then(|rest| rest.split_once('>'));
        if let Some(amount) = content.and_then(|(_attributes, rest)| rest.split('<').next()) {
            rows += 1;
            cents += amount.replace('.', "").parse::<i64>()?;
        }
        line.clear();
    }
    Ok(output(rows, cents))
}
