//! wip
use super::{CodeLists, Fault};
use std::ops::RangeInclusive;
/// wip
pub const CHECKED_YEARS: RangeInclusive<u16> = 2008..=2026;
/// wip
pub fn check(_: &CodeLists) -> Vec<Fault> {
    Vec::new()
}
