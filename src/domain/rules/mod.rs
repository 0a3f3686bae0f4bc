//! The rules of a line: from the texts people type to checked [lines](crate::domain::line::Line), with every
//! fault found at once.
//!
//! [`check_lines`] reads a declaration leniently (codes or names, French amounts and dates), derives what
//! the nature implies (rule 7) and reports all faults of all lines as [`Issue`]s, errors and warnings apart.
//! Each fault is of one [`Rule`], whose code never changes; [`CATALOGUE`] tells of each what it asks, what it
//! rests on and which lines break it, and `docs/rules.md` is made from it by [`document`].
//!
//! Time is linear in the size of the input: names are looked up once per distinct text, and the search for
//! what was meant is done for the first distinct faults only.

mod aid_type;
mod amounts;
mod catalogue;
mod channel;
mod check;
mod codes;
mod dates;
mod design;
mod document;
mod entry;
mod french;
mod hints;
mod identity;
mod issue;
mod line;
mod lookup;
mod markers;
mod one_percent;
mod purpose;
mod recipient;
mod texts;
mod whole;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use catalogue::{CATALOGUE, Rule};
pub use check::{
    Checked, CheckedDraft, check_draft, check_draft_reserving, check_lines, check_lines_reserving,
};
pub use document::document;
pub use entry::{RuleEntry, Severity};
pub use identity::some_lack_reference;
pub use issue::Issue;
pub use purpose::UNSPECIFIED as UNSPECIFIED_PURPOSE;
