//! Workbooks with constant memory, whose bytes depend on what they say only.
//!
//! The cells of a workbook are doubles: here, in [`number`], exact amounts become
//! them, and nowhere else.

pub mod book;
pub mod number;
pub mod pages;
pub mod sheet;
pub mod style;

pub use book::Book;
pub use pages::Pages;
pub use sheet::{Cell, LAST_ROW, Sheet};
pub use style::Style;
