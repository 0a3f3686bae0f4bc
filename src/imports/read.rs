//! Cells made into values, every error collected with its place.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use crate::domain::account::Email;
use crate::domain::amount::parse_amount;
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::domain::text;
use crate::domain::year::FlowYear;
use crate::imports::columns::{self, Column, Record, Selection};
use crate::imports::error::{CellError, Refused, quoted};
use crate::imports::{Limits, catalogue, read_table};

/// Reads a file whose every row must be right: what `row` makes of each, in their order.
///
/// # Errors
/// Everything wrong with the file, its columns and its cells.
pub(super) fn rows<T>(
    bytes: &[u8],
    limits: &Limits,
    columns: &[Column],
    mut row: impl FnMut(&mut RowReader<'_, '_>) -> Option<T>,
) -> Result<Vec<T>, Refused> {
    let table = read_table(bytes, limits)?;
    let selection = columns::select(&table, columns)?;
    let mut rows = Vec::new();
    let refused = each_row(&selection, columns, |reader| rows.extend(row(reader)));
    refused.or(rows)
}

/// Reads every row and gives all that is wrong with their cells, the unusable ones too.
pub(super) fn each_row<'t>(
    selection: &'t Selection<'t>,
    columns: &[Column],
    mut row: impl FnMut(&mut RowReader<'_, 't>),
) -> Refused {
    let mut refused = Refused { file: Vec::new(), cells: selection.problems().to_vec() };
    for record in selection.records() {
        row(&mut RowReader { record, columns, errors: &mut refused.cells });
    }
    refused
}

/// Reads every row for itself: its value, or the first thing wrong with it.
pub(super) fn each_row_alone<'t, T>(
    selection: &'t Selection<'t>,
    columns: &[Column],
    mut row: impl FnMut(&mut RowReader<'_, 't>) -> Option<T>,
) -> Vec<(Record<'t>, Result<T, CellError>)> {
    // The first unusable cell of a row is the one that is shown.
    let unusable: HashMap<u32, &CellError> =
        selection.problems().iter().rev().map(|error| (error.row, error)).collect();
    let outcome = |record: Record<'t>| {
        let mut errors = Vec::new();
        let value = row(&mut RowReader { record, columns, errors: &mut errors });
        let first = unusable.get(&record.row()).map(|error| (*error).clone());
        let outcome = match first.or_else(|| errors.into_iter().next()) {
            Some(error) => Err(error),
            None => value.ok_or_else(|| {
                let column = columns.first().map_or("", |column| column.header);
                let place = (record.row(), column);
                CellError::new(catalogue::EMPTY_CELL, place, "", "la ligne est illisible", "vérifiez-la")
            }),
        };
        (record, outcome)
    };
    selection.records().map(outcome).collect()
}

/// Reads the cells of one row and keeps what is wrong with them.
pub(super) struct RowReader<'r, 't> {
    pub record: Record<'t>,
    columns: &'r [Column],
    errors: &'r mut Vec<CellError>,
}

impl<'t> RowReader<'_, 't> {
    /// Adds an error of the cell at `index`.
    pub(super) fn refuse(&mut self, code: &'static str, index: usize, message: &str, hint: &str) {
        let column = self.columns.get(index).map_or("", |column| column.header);
        let place = (self.record.row(), column);
        self.errors.push(CellError::new(code, place, self.record.get(index), message, hint));
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, index: usize) -> Option<&'t str> {
        if self.record.is_unusable(index) {
            return None;
        }
        let text = self.record.get(index);
        if text.is_empty() {
            self.refuse(catalogue::EMPTY_CELL, index, "la cellule est vide", "complétez-la");
            return None;
        }
        Some(text)
    }

    pub(super) fn siren(&mut self, index: usize) -> Option<Siren> {
        let hint = "indiquez les 9 chiffres du SIREN, ou les 14 du SIRET";
        let text = self.required(index)?;
        self.parsed(index, catalogue::SIREN, parse_siren_or_siret(text), hint)
    }

    pub(super) fn email(&mut self, index: usize) -> Option<Email> {
        let text = self.required(index)?;
        self.parsed(
            index,
            catalogue::EMAIL,
            Email::from_str(text),
            "une seule adresse par ligne, comme mairie@exemple.fr",
        )
    }

    pub(super) fn year(&mut self, index: usize) -> Option<FlowYear> {
        let text = self.required(index)?;
        let hint = "indiquez l’année des versements, par exemple 2012";
        self.parsed(index, catalogue::YEAR, FlowYear::from_str(text), hint)
    }

    /// An amount that is not negative.
    pub(super) fn amount(&mut self, index: usize) -> Option<Euros> {
        let text = self.required(index)?;
        let hint = "par exemple 1234,56";
        let amount = self.parsed(index, catalogue::AMOUNT, parse_amount(text), hint)?;
        if amount.is_negative() {
            let message = format!("le montant est négatif\u{a0}: {}", quoted(text));
            self.refuse(catalogue::AMOUNT, index, &message, "indiquez le montant sans signe");
            return None;
        }
        Some(amount)
    }

    /// A day, or nothing where the cell is empty.
    pub(super) fn day(&mut self, index: usize) -> Option<Day> {
        let text = self.record.get(index);
        if text.is_empty() || self.record.is_unusable(index) {
            return None;
        }
        self.parsed(index, catalogue::DAY, Day::from_str(text), "par exemple 12/05/2013")
    }

    /// Yes or no, in the forms that people use; an empty cell is a no.
    pub(super) fn yes_no(&mut self, index: usize) -> Option<bool> {
        if self.record.is_unusable(index) {
            return None;
        }
        match text::fold(self.record.get(index)).as_str() {
            "oui" | "o" | "1" | "x" | "vrai" => Some(true),
            "non" | "n" | "0" | "faux" => Some(false),
            "" if self.record.get(index).is_empty() => Some(false),
            _ => {
                let message = format!("oui ou non attendu, et non {}", quoted(self.record.get(index)));
                self.refuse(catalogue::YES_NO, index, &message, "écrivez oui, non, ou rien");
                None
            }
        }
    }

    fn parsed<T, E: Display>(
        &mut self,
        index: usize,
        code: &'static str,
        result: Result<T, E>,
        hint: &str,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(code, index, &error.to_string(), hint);
                None
            }
        }
    }
}
