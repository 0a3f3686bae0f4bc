//! What a cell holds, and what of it comes into the file.

use std::borrow::Cow;

use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::spreadsheet::is_risky;
use crate::reports::text::xml_text;
use crate::reports::xlsx::number::{cell_number, decimal, whole_number};
use crate::reports::xlsx::{Mark, Style};

/// The longest text of a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text, as it is: a workbook types its cells, so that it is never a formula.
    Text(&'a str),
    /// A decimal number, in the text that the program wrote.
    Number(&'a str),
    /// A whole number.
    Whole(i64),
    /// An amount.
    Euros(Euros),
    /// A day.
    Day(Day),
    /// A formula, with the decimal text of its value.
    Formula(&'a str, &'a str),
}

/// A cell ready for the library: nothing is left to find out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ready<'a> {
    Blank,
    Text(Cow<'a, str>),
    Number(f64),
    Day(Day),
    Formula(&'a str, &'a str),
}

/// A look of a cell's own: a style, and whether its text is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    pub(super) style: Style,
    pub(super) is_quoted: bool,
    pub(super) mark: Option<Mark>,
}

impl<'a> Cell<'a> {
    /// A count.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::Whole(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The cell, and its look where that is not the one of its column; none where there is nothing to write.
    pub(super) fn ready(
        self,
        style: Option<Style>,
        of_column: Option<Style>,
    ) -> Option<(Ready<'a>, Option<Look>)> {
        let plain = |style| Look { style, is_quoted: false, mark: None };
        let ready = match self {
            Self::Blank | Self::Text("") => return style.map(|style| (Ready::Blank, Some(plain(style)))),
            Self::Text(text) => {
                let text = shortened(xml_text(text));
                // Text stays as it is. One that looks like a formula gets the quote prefix, which is how a
                // workbook says "text" to the person who edits the cell.
                if is_risky(&text) {
                    let style = style.or(of_column).unwrap_or(Style::Text);
                    return Some((Ready::Text(text), Some(Look { style, is_quoted: true, mark: None })));
                }
                Ready::Text(text)
            }
            Self::Number(text) => Ready::Number(decimal(text)),
            Self::Whole(value) => Ready::Number(whole_number(value)),
            Self::Euros(amount) => Ready::Number(cell_number(amount)),
            // A column of days has their look already.
            Self::Day(day) if style.is_none() && of_column == Some(Style::Day) => Ready::Day(day),
            Self::Day(day) => return Some((Ready::Day(day), Some(plain(style.unwrap_or(Style::Day))))),
            Self::Formula(text, value) => Ready::Formula(text, value),
        };
        Some((ready, style.map(plain)))
    }
}

/// A text that a cell can hold: the longest lawful text of a line is far below.
fn shortened(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let mut units = 0_usize;
    let end = text.char_indices().find(|(_, c)| {
        units = units.saturating_add(c.len_utf16());
        units > LONGEST_TEXT
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}
