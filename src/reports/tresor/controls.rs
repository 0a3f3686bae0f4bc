//! What a reader checks before using the figures, as data: the sheet and the XML show the same.

use crate::domain::codes::Declarable;
use crate::domain::euros::Euros;
use crate::reports::tresor::table::Table;
use crate::reports::tresor::tally::{DoubleCounts, Tally, Total};
use crate::reports::{Context, ReportError, Result};

/// The rounding of one column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounding {
    /// Code of the column.
    pub code: String,
    /// French name.
    pub name: String,
    /// Exact sum.
    pub exact: Euros,
    /// What the table shows, in its unit.
    pub shown: i64,
    /// What is shown less what is exact.
    pub difference: Euros,
}

/// A candidate to double counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The word of the XML.
    pub code: &'static str,
    /// What it is, and with whom it may be counted twice.
    pub label: String,
    /// How many, how much.
    pub total: Total,
}

/// The controls of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controls {
    /// The rounding of each column.
    pub columns: Vec<Rounding>,
    /// The rounding of the whole table.
    pub whole: Rounding,
    /// Candidates to double counting.
    pub candidates: Vec<Candidate>,
}

impl Controls {
    /// Computes the controls of a table.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn new(table: &Table, tally: &Tally, context: &Context) -> Result<Self> {
        let total = table.grand_total();
        let cells = |index: usize| {
            let exact = total.and_then(|row| row.exact.get(index).copied().flatten()).unwrap_or_default();
            let shown = total.and_then(|row| row.shown.get(index).copied().flatten()).unwrap_or_default();
            (exact, shown)
        };
        let mut columns = Vec::new();
        for (index, column) in context.codes.tresor_columns().iter().enumerate() {
            let (exact, shown) = cells(index);
            columns.push(rounding(&column.code, &column.name_fr, exact, shown, context)?);
        }
        let shown = total.map_or(0, |row| row.shown_total);
        let whole = rounding("TOTAL", "Total général", tally.kept.own, shown, context)?;
        Ok(Self { columns, whole, candidates: candidates(&tally.double_counts, context) })
    }
}

fn rounding(code: &str, name: &str, exact: Euros, shown: i64, context: &Context) -> Result<Rounding> {
    let in_euros = context.unit.euros(shown).ok_or(ReportError::OutOfRange)?;
    let difference = in_euros.checked_sub(exact).ok_or(ReportError::OutOfRange)?;
    Ok(Rounding { code: code.to_owned(), name: name.to_owned(), exact, shown, difference })
}

fn candidates(counts: &DoubleCounts, context: &Context) -> Vec<Candidate> {
    let mut found = vec![Candidate {
        code: "faceco",
        label: "Contributions au FACECO (déclarées aussi par le ministère qui le gère)".to_owned(),
        total: counts.faceco,
    }];
    for (code, total) in DoubleCounts::CHANNELS.into_iter().zip(counts.channels) {
        let year = context.flow_year.get();
        let row = context.codes.channels().nearest(code, year);
        if total.lines == 0 && !row.is_some_and(|row| row.is_declarable(year)) {
            continue;
        }
        let name = row.map_or("", |row| &row.name_fr);
        let word = match code {
            "11000" => "canal-11000",
            "11001" => "canal-11001",
            _ => "canal-11002",
        };
        found.push(Candidate { code: word, label: format!("Canal {code} ({name})"), total });
    }
    found.push(Candidate {
        code: "refugies",
        label: "Réfugiés dans le pays donneur (compensations de l’État possibles)".to_owned(),
        total: counts.refugees,
    });
    found
}
