//! What a sheet holds until it is written.

use std::collections::BTreeMap;

use crate::domain::day::Day;
use crate::reports::xlsx::{Cell, Style};

/// A sheet: its columns, its cells, and how it is shown and printed.
#[derive(Debug, Clone)]
pub struct Grid {
    pub(super) name: String,
    pub(super) columns: Vec<(u16, Style)>,
    pub(super) rows: BTreeMap<u32, BTreeMap<u16, Held>>,
    /// Points of the rows that are not as high as their texts.
    pub(super) heights: BTreeMap<u32, u16>,
    /// The first row and column that move.
    pub(super) frozen: Option<(u32, u16)>,
    /// Header, last row, last column of what can be filtered.
    pub(super) filtered: Option<(u32, u32, u16)>,
    /// The rows that are repeated on each page.
    pub(super) repeated: Option<(u32, u32)>,
    /// What is printed around it: title, period, status.
    pub(super) printed: Option<[String; 3]>,
}

/// A cell with its style.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub said: Said,
    pub style: Style,
}

/// What a cell says.
#[derive(Debug, Clone)]
pub(super) enum Said {
    Blank,
    Text(String),
    /// The text of a decimal.
    Number(String),
    Day(Day),
    /// A formula in the words of a workbook, and its value.
    Formula(String, String),
}

impl Grid {
    /// An empty sheet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            columns: vec![],
            rows: BTreeMap::new(),
            heights: BTreeMap::new(),
            frozen: None,
            filtered: None,
            repeated: None,
            printed: None,
        }
    }

    /// Adds a column, with the style of the cells that have none of their own.
    pub fn column(&mut self, width: u16, style: Style) {
        self.columns.push((width, style));
    }

    /// Puts a cell; a blank one without a style is nothing.
    pub fn put(&mut self, row: u32, column: u16, cell: Cell<'_>, style: Option<Style>) {
        let said = match cell {
            Cell::Blank | Cell::Text("") if style.is_none() => return,
            Cell::Blank | Cell::Text("") => Said::Blank,
            Cell::Text(text) => Said::Text(text.to_owned()),
            Cell::Number(text) => Said::Number(text.to_owned()),
            Cell::Whole(value) => Said::Number(value.to_string()),
            Cell::Euros(amount) => Said::Number(amount.to_plain()),
            Cell::Day(day) => Said::Day(day),
            Cell::Formula(text, value) => Said::Formula(text.to_owned(), value.to_owned()),
        };
        let of_column = self.columns.get(usize::from(column)).map(|(_, style)| *style);
        let own = match said {
            Said::Day(_) => style.or(Some(Style::Day)),
            _ => style.or(of_column),
        };
        let held = Held { said, style: own.unwrap_or(Style::Text) };
        self.rows.entry(row).or_default().insert(column, held);
    }

    /// How high a row is, in points.
    pub fn height(&mut self, row: u32, points: u16) {
        self.heights.insert(row, points);
    }

    /// The first row and column that move.
    pub fn freeze(&mut self, row: u32, column: u16) {
        self.frozen = Some((row, column));
    }

    /// What can be filtered.
    pub fn filter(&mut self, header: u32, last_row: u32, last_column: u16) {
        self.filtered = Some((header, last_row, last_column));
    }

    /// How it is printed.
    pub fn print(&mut self, header: (u32, u32), around: [String; 3]) {
        self.repeated = Some(header);
        self.printed = Some(around);
    }
}
