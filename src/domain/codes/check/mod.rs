//! What must hold in the code lists (`eapd codelists check`).

mod natures;
mod plain;
mod recipients;
mod rows;
mod territory;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use super::{CodeLists, Fault};

/// Flow years for which the lists are verified year by year (rule 7: 2008 to today).
pub const CHECKED_YEARS: RangeInclusive<u16> = 2008..=2026;

/// Every fault of the lists: keys, dates, parents, orphans, income groups, natures, Trésor columns.
#[must_use]
pub fn check(lists: &CodeLists) -> Vec<Fault> {
    let mut faults = Vec::new();
    rows::check(lists, &mut faults);
    recipients::check(lists, &mut faults);
    natures::check(lists, &mut faults);
    plain::check(lists, &mut faults);
    territory::check(lists, &mut faults);
    faults
}
