//! The rows of `tests/golden/eligibility_truth_table.csv`.
//!
//! Columns: `id`; `recit`, the case in French words; `preparation`, a
//! [`Scenario`]; the call's `appel` and `annees`; the `siren` asked about, as an
//! alias; `a_l_instant`; then what must come out: `statut`, `motif` and
//! `par_annee`, for each year `year:state:reason:whose file decides`. The
//! expected columns are reasoned from the rule, never copied from a run.

use eapd::domain::call::CallCode;
use eapd::domain::instant::Instant;
use eapd::domain::year::FlowYear;

use super::scenario::{Alias, Scenario, instant};

/// One row.
pub struct Case {
    pub id: String,
    pub story: String,
    pub scenario: Scenario,
    pub call: CallCode,
    pub years: Vec<FlowYear>,
    pub siren: Alias,
    pub at: Instant,
    pub expected: Expected,
}

/// What must come out, as codes.
#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    pub status: String,
    pub reason: String,
    /// `year:state:reason:alias`, ascending.
    pub years: Vec<String>,
}

/// Every row of the table.
pub fn cases() -> Result<Vec<Case>, String> {
    let table = include_str!("../golden/eligibility_truth_table.csv");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
    reader.records().map(|row| case(&row.map_err(|error| error.to_string())?)).collect()
}

fn case(row: &csv::StringRecord) -> Result<Case, String> {
    let cell = |index: usize| row.get(index).unwrap_or_default();
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", cell(0));
    let years = cell(4).split('|').map(|year| year.parse().map_err(|error| wrong(&error)));
    Ok(Case {
        id: cell(0).to_owned(),
        story: cell(1).to_owned(),
        scenario: cell(2).parse().map_err(|error: String| wrong(&error))?,
        call: cell(3).parse().map_err(|error| wrong(&error))?,
        years: years.collect::<Result<_, String>>()?,
        siren: cell(5).parse().map_err(|error: String| wrong(&error))?,
        at: instant(cell(6)).map_err(|error| wrong(&error))?,
        expected: Expected {
            status: cell(7).to_owned(),
            reason: cell(8).to_owned(),
            years: cell(9).split('|').map(str::to_owned).collect(),
        },
    })
}

#[test]
fn is_long_enough_and_names_each_row_once() {
    let cases = cases().unwrap();
    let ids: std::collections::BTreeSet<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert!(cases.len() >= 48, "{}", cases.len());
    assert_eq!(ids.len(), cases.len());
}
