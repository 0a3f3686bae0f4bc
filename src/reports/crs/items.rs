//! The columns of a CRS++ row: `reports/ocde-crs/items.csv`, read once.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::reports::crs::record::{self, Record};
use crate::reports::xlsx::{Cell, Style};
use crate::reports::{ReportError, Result, Unit};

const DEFINITION: &str = include_str!("../../../reports/ocde-crs/items.csv");

/// What a cell of an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// A code of a list.
    #[serde(rename = "code")]
    Code,
    /// Free text.
    #[serde(rename = "texte")]
    Text,
    /// A day.
    #[serde(rename = "date")]
    Day,
    /// An amount in the unit of the file.
    #[serde(rename = "montant")]
    Amount,
    /// 0, 1, 2, 3 or nothing.
    #[serde(rename = "marqueur")]
    Marker,
    /// 1 or nothing.
    #[serde(rename = "indicateur")]
    Flag,
}

impl Kind {
    /// The French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Text => "texte",
            Self::Day => "date",
            Self::Amount => "montant",
            Self::Marker => "marqueur",
            Self::Flag => "indicateur",
        }
    }
}

/// An item of the form.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    /// Place in the file, from 1.
    #[serde(rename = "ordre")]
    pub order: u16,
    /// Number in the OECD's form; empty where it is not known.
    #[serde(rename = "numero")]
    pub number: String,
    /// Our key.
    #[serde(rename = "cle")]
    pub key: String,
    /// French name.
    #[serde(rename = "entete")]
    pub name: String,
    /// What its cells are.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Most characters of a cell, where there is a limit.
    #[serde(rename = "longueur")]
    pub length: Option<usize>,
    /// The code list of its cells, French name.
    #[serde(rename = "liste")]
    pub list: String,
    /// The same value in every row, where there is one.
    #[serde(rename = "valeur")]
    pub constant: String,
    /// What its cells hold, in French.
    #[serde(rename = "contenu")]
    pub content: String,
    /// Where the item comes from, in French.
    #[serde(rename = "origine")]
    pub origin: String,
    /// How the cell of a row is found; none where it is always the same.
    #[serde(skip)]
    pub value: Option<record::Value>,
}

impl Item {
    /// The header of its column: number and name.
    #[must_use]
    pub fn header(&self) -> String {
        if self.number.is_empty() { self.name.clone() } else { format!("{} {}", self.number, self.name) }
    }

    /// Width of its column, in characters.
    #[must_use]
    pub fn width(&self) -> u16 {
        match (self.kind, &*self.key) {
            (Kind::Text, "description") => 60,
            (Kind::Text, "titre") => 46,
            (Kind::Text, _) => 28,
            (Kind::Amount, _) => 16,
            (Kind::Code | Kind::Day | Kind::Marker | Kind::Flag, _) => 13,
        }
    }

    /// Look of its cells, in a unit.
    #[must_use]
    pub const fn style(&self, unit: Unit) -> Style {
        match (self.kind, unit) {
            (Kind::Code, _) => Style::Code,
            (Kind::Text, _) => Style::Text,
            (Kind::Day, _) => Style::Day,
            (Kind::Amount, Unit::Euro) => Style::Euros,
            (Kind::Amount, Unit::Thousand) | (Kind::Marker | Kind::Flag, _) => Style::Whole,
        }
    }

    /// Its cell in a row.
    #[must_use]
    pub fn cell<'a>(&'a self, row: &'a Record<'_>, unit: Unit) -> Cell<'a> {
        match self.value {
            Some(value) => value(row, unit),
            None if self.constant.is_empty() => Cell::Blank,
            None => Cell::Text(&self.constant),
        }
    }
}

/// Every item, in the order of the file.
///
/// # Errors
/// When the definition cannot be read, which a test rules out.
pub fn items() -> Result<&'static [Item]> {
    static ITEMS: LazyLock<std::result::Result<Vec<Item>, String>> =
        LazyLock::new(|| read().map_err(|error| error.to_string()));
    match &*ITEMS {
        Ok(items) => Ok(items),
        Err(error) => Err(ReportError::Io(std::io::Error::other(error.as_str()))),
    }
}

fn read() -> std::result::Result<Vec<Item>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(DEFINITION.as_bytes());
    let mut items: Vec<Item> = reader.deserialize().collect::<std::result::Result<_, _>>()?;
    for item in &mut items {
        item.value = record::VALUES.iter().find(|(key, _)| *key == item.key).map(|(_, value)| *value);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_the_form_in_its_order() {
        let items = items().unwrap();
        let order: Vec<u16> = items.iter().map(|item| item.order).collect();
        assert_eq!(order, (1..=63).collect::<Vec<u16>>());
        // 1 to 42 without a gap, the commitment date after the year; the numbers of the OECD's form.
        let numbers: Vec<&str> = items.iter().map(|item| &*item.number).take(43).collect();
        let expected: Vec<String> = ["1".to_owned(), "1b".to_owned()]
            .into_iter()
            .chain((2..=42).map(|n: u8| n.to_string()))
            .collect();
        assert_eq!(numbers, expected);
        let keys: std::collections::BTreeSet<&str> = items.iter().map(|item| &*item.key).collect();
        assert_eq!(keys.len(), items.len(), "each key once");
        for (key, _) in record::VALUES {
            let item = items.iter().find(|item| item.key == *key).unwrap_or_else(|| panic!("{key}"));
            assert!(item.constant.is_empty(), "{key} has a value and a constant");
        }
    }

    #[test]
    fn what_never_changes_is_told_by_the_definition() {
        let constant = |key: &str| {
            let item = items().unwrap().iter().find(|item| item.key == key).unwrap();
            item.constant.as_str()
        };
        let found = ["donneur", "organisme", "flux", "financement", "monnaie"].map(constant);
        assert_eq!(found, ["4", "8", "10", "110", "EUR"]);
    }
}
