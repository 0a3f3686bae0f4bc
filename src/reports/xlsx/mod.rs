//! Workbooks with constant memory, whose bytes depend on what they say only.
//!
//! The cells of a workbook are doubles: here, in [`number`], exact amounts become
//! them, and nowhere else.

mod ahead;
pub mod book;
pub mod cell;
pub mod number;
pub mod pages;
mod pen;
mod said;
pub mod sheet;
pub mod style;

pub use ahead::Ahead;
pub use book::Book;
pub use cell::Cell;
pub use pages::Pages;
pub use sheet::{LAST_ROW, Sheet};
pub use style::{Mark, Style};
