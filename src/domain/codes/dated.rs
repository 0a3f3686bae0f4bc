//! Tables whose rows are valid for a span of flow years.

use std::{collections::HashMap, ops::Range};

use super::Years;

/// A row that is valid for a span of flow years.
pub trait Row {
    /// The code, as text.
    fn key(&self) -> &str;
    /// The flow years in which the row is valid.
    fn years(&self) -> Years;
}

/// Rows by code, then by year. A lookup borrows and costs one hash.
#[derive(Debug, Clone)]
pub struct Dated<T> {
    rows: Vec<T>,
    index: HashMap<Box<str>, Range<usize>>,
}

impl<T: Row> Dated<T> {
    /// Sorts the rows by code and first year, and indexes them.
    #[must_use]
    pub fn new(mut rows: Vec<T>) -> Self {
        rows.sort_by(|left, right| {
            (left.key(), left.years().start()).cmp(&(right.key(), right.years().start()))
        });
        let mut index: HashMap<Box<str>, Range<usize>> = HashMap::with_capacity(rows.len());
        for (position, row) in rows.iter().enumerate() {
            index.entry(row.key().into()).or_insert(position..position).end = position + 1;
        }
        Self { rows, index }
    }

    /// Every row, sorted by code and first year.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// The rows of one code, oldest first; empty when the code is unknown.
    #[must_use]
    pub fn rows(&self, key: &str) -> &[T] {
        self.index.get(key).and_then(|range| self.rows.get(range.clone())).unwrap_or_default()
    }

    /// The row valid in a flow year.
    #[must_use]
    pub fn at(&self, key: &str, year: u16) -> Option<&T> {
        self.rows(key).iter().find(|row| row.years().contains(year))
    }

    /// The newest row of a code.
    #[must_use]
    pub fn latest(&self, key: &str) -> Option<&T> {
        self.rows(key).last()
    }

    /// The row valid in a flow year, else the last one that began before it, else the oldest: what a
    /// message about a code that is not valid in that year speaks of.
    #[must_use]
    pub fn nearest(&self, key: &str, year: u16) -> Option<&T> {
        let rows = self.rows(key);
        self.at(key, year)
            .or_else(|| rows.iter().rev().find(|row| row.years().start() <= year))
            .or_else(|| rows.first())
    }

    /// Every code once, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows
            .chunk_by(|left, right| left.key() == right.key())
            .filter_map(|rows| rows.first())
            .map(Row::key)
    }
}

impl<'a, T: Row> IntoIterator for &'a Dated<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Joins spans that follow each other without a gap, so that a message names the fewest.
#[must_use]
pub fn joined(spans: impl IntoIterator<Item = Years>) -> Vec<Years> {
    let mut spans: Vec<Years> = spans.into_iter().collect();
    spans.sort_by_key(|span| span.start());
    let mut joined: Vec<Years> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().and_then(|last| last.joined(span).map(|both| (last, both))) {
            Some((last, both)) => *last = both,
            None => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Item(&'static str, Years, u8);

    impl Row for Item {
        fn key(&self) -> &str {
            self.0
        }
        fn years(&self) -> Years {
            self.1
        }
    }

    fn until(last: u16) -> Years {
        Years { first: None, last: Some(last) }
    }

    fn since(first: u16) -> Years {
        Years { first: Some(first), last: None }
    }

    #[test]
    fn each_year_has_its_row() {
        let table =
            Dated::new(vec![Item("b", since(2015), 3), Item("a", since(2022), 2), Item("a", until(2010), 1)]);
        let number = |row: Option<&Item>| row.map(|row| row.2);
        assert_eq!(number(table.at("a", 2010)), Some(1));
        assert_eq!(number(table.at("a", 2011)), None);
        assert_eq!(number(table.at("a", 2030)), Some(2));
        assert_eq!(number(table.latest("a")), Some(2));
        assert_eq!(number(table.nearest("a", 2015)), Some(1));
        assert_eq!(number(table.nearest("b", 2008)), Some(3));
        assert_eq!(number(table.at("c", 2010)), None);
        assert_eq!(table.keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn spans_without_a_gap_become_one() {
        assert_eq!(joined([since(2010), until(2009)]), [Years::ALL]);
        assert_eq!(joined([since(2012), until(2009)]), [until(2009), since(2012)]);
    }
}
