//! The sheets of the workbook of a summary.

mod bodies;
mod controls;
mod key_figures;
mod named;
mod tables;

pub use bodies::bodies;
pub use controls::controls;
pub use key_figures::key_figures;
pub use named::named;
pub use tables::tables;

use crate::domain::euros::Euros;
use crate::domain::summary::{Share, Sum};
use crate::reports::Result;
use crate::reports::xlsx::{Cell, Sheet, Style};

/// An amount of a sum.
type Amount = fn(Sum) -> Euros;

/// A share as a number of percents; nothing where there is none.
fn share(sheet: &mut Sheet, row: u32, column: u16, share: Option<Share>) -> Result<()> {
    match share {
        Some(share) => sheet.put(row, column, Cell::Number(&share.to_plain()), Style::Percent),
        None => Ok(()),
    }
}

fn euros(sheet: &mut Sheet, row: u32, column: u16, amount: Option<Euros>) -> Result<()> {
    amount.map_or(Ok(()), |amount| sheet.cell(row, column, Cell::Euros(amount)))
}
