//! Figures that were published.

use super::{
    super::{
        Published, PublishedOf, PublishedUnit,
        embedded::PUBLISHED,
        read::{Cells, Rejected},
    },
    NUMBER, Tables,
};

const UNITS: [(&str, PublishedUnit); 3] =
    [("M", PublishedUnit::Millions), ("%", PublishedUnit::Percents), ("n", PublishedUnit::Count)];
/// A count is of what is counted, an amount or a share of what is paid.
const UNIT: &str = "n where bodies or countries are counted, M or % elsewhere";

impl Tables<'_> {
    pub(in super::super) fn published(&mut self) -> Vec<Published> {
        let columns = &["year", "cut", "class", "value", "unit", "note_fr", "source"];
        self.rows(PUBLISHED, columns, |cells| {
            let (tenths, has_decimal) = value(cells)?;
            let of = cells.choice("cut", &PublishedOf::WORDS)?;
            let unit = cells.choice("unit", &UNITS)?;
            if of.is_counted() != (unit == PublishedUnit::Count) {
                return Err(cells.reject("unit", UNIT));
            }
            Ok(Published {
                year: cells.parsed("year", NUMBER)?,
                of,
                class: cells.optional("class"),
                tenths,
                has_decimal,
                unit,
                note_fr: cells.optional("note_fr"),
                source: cells.text("source")?,
            })
        })
    }
}

/// A number with one decimal or none, in tenths.
fn value(cells: &mut Cells<'_>) -> Result<(i64, bool), Rejected> {
    let text = cells.text("value")?;
    let has_decimal = text.contains('.');
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let read = (part.len() == 1).then(|| format!("{whole}{part}").parse().ok()).flatten();
    read.map(|tenths| (tenths, has_decimal)).ok_or_else(|| cells.reject("value", NUMBER))
}
