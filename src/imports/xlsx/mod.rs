//! XLSX workbooks, read in bounded memory.
//!
//! Only the parts that are needed are unpacked, through a reader that counts;
//! nothing is allocated from a size that the file declares, and what one part
//! refers to in another is never copied per reference. Cells keep their place,
//! so that an unusable one can be named.

mod bounded;
mod date;
mod number;
mod package;
mod parts;
mod sheet;
mod strings;
mod styles;
mod xml;

pub(super) use package::Package;

use crate::imports::catalogue;
use crate::imports::error::FileError;
use crate::imports::limits::Limits;
use crate::imports::table::{Builder, Form, Table};

/// Reads the sheet named «Lignes», else the first one that is visible.
pub(super) fn read(mut package: Package<'_>, limits: &Limits) -> Result<Table, FileError> {
    let workbook = parts::read(&mut package)?;
    let strings = strings::read(&mut package, workbook.strings.as_deref())?;
    let formats = styles::read(&mut package, workbook.styles.as_deref())?;
    let position = |index| column_name(u32::try_from(index).unwrap_or(u32::MAX));
    let mut builder = Builder::new(limits, Form::Workbook, position);
    let context = sheet::Context { strings: &strings, formats: &formats, from_1904: workbook.from_1904 };
    sheet::read(&mut package, &workbook.sheet, &context, limits, &mut builder)?;
    builder.finish()
}

/// The letters of a column counted from 0.
fn column_name(index: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = index.saturating_add(1);
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A'.saturating_add(letter)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The error of a workbook that cannot be read to its end.
fn damaged(what: &str) -> FileError {
    FileError::new(
        catalogue::DAMAGED,
        format!("le classeur est abîmé ({what})"),
        "ouvrez-le dans un tableur, enregistrez-le au format XLSX, puis renvoyez-le",
    )
}

/// The error of an archive that no spreadsheet writes.
fn suspicious(what: &str) -> FileError {
    let hint = "copiez vos lignes dans un classeur neuf, ou envoyez un CSV";
    FileError::new(catalogue::SUSPICIOUS, format!("ce classeur n’est pas normal\u{a0}: {what}"), hint)
}

#[cfg(test)]
pub(super) mod tests;
