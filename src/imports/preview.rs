//! What an import would change, line by line (rule 8).

use std::collections::HashMap;
use std::fmt;

use crate::domain::amount::parse_amount;
use crate::domain::day::Day;
use crate::domain::field::{Field, RawLine};
use crate::imports::error::counted;

/// A field whose value differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Its text before.
    pub old: String,
    /// Its text after.
    pub new: String,
}

/// A line that both lists have, with another content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// The reference that both lines bear.
    pub reference: String,
    /// What differs, in the order of the fields.
    pub fields: Vec<FieldChange>,
}

/// The difference between two lists of lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Lines that only the new list has.
    pub added: Vec<RawLine>,
    /// Lines that differ, in the order of the new list.
    pub changed: Vec<ChangedLine>,
    /// Lines that only the old list has.
    pub removed: Vec<RawLine>,
    /// Number of lines that are the same.
    pub unchanged: usize,
}

impl Changes {
    /// Whether both lists say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Compares two lists by the references of their lines: amounts as amounts,
/// days as days, other texts trimmed and with one form of line ends.
///
/// A line without reference has nothing to be compared with: it is added or
/// removed. So is a second line that bears a reference already matched.
#[must_use]
pub fn diff(old: &[RawLine], new: &[RawLine]) -> Changes {
    let mut by_reference: HashMap<&str, usize> = HashMap::new();
    for (index, line) in old.iter().enumerate() {
        let reference = line.get(Field::Reference);
        if !reference.is_empty() {
            by_reference.entry(reference).or_insert(index);
        }
    }
    let mut kept = vec![false; old.len()];
    let mut changes = Changes::default();
    for line in new {
        let reference = line.get(Field::Reference);
        let before = by_reference.remove(reference).and_then(|at| Some((old.get(at)?, kept.get_mut(at)?)));
        let Some((before, kept)) = before else {
            changes.added.push(line.clone());
            continue;
        };
        *kept = true;
        let fields = differences(before, line);
        if fields.is_empty() {
            changes.unchanged = changes.unchanged.saturating_add(1);
        } else {
            changes.changed.push(ChangedLine { reference: reference.to_owned(), fields });
        }
    }
    let removed = old.iter().zip(kept).filter(|(_, kept)| !kept).map(|(line, _)| line.clone());
    changes.removed = removed.collect();
    changes
}

fn differences(old: &RawLine, new: &RawLine) -> Vec<FieldChange> {
    let differs = |field: &&Field| !same(**field, old.get(**field), new.get(**field));
    let change = |field: &Field| FieldChange {
        field: *field,
        old: old.get(*field).to_owned(),
        new: new.get(*field).to_owned(),
    };
    Field::ALL.iter().filter(differs).map(change).collect()
}

fn same(field: Field, old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    match field {
        Field::AmountPaid
        | Field::CofinancingReceived
        | Field::CofinancingState
        | Field::CofinancingCollectivities
        | Field::CofinancingOthers
        | Field::ServiceCosts
        | Field::AmountCommitted => {
            matches!((parse_amount(old), parse_amount(new)), (Ok(a), Ok(b)) if a == b)
        }
        Field::PaidOn | Field::StartsOn | Field::EndsOn => {
            matches!((old.parse::<Day>(), new.parse::<Day>()), (Ok(a), Ok(b)) if a == b)
        }
        _ => unix(old) == unix(new),
    }
}

/// Spreadsheets write one form of line ends whatever they read.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// «0 modification» when both lists say the same; otherwise how many lines
/// are added, changed and removed.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (added, changed, removed) = (self.added.len(), self.changed.len(), self.removed.len());
        let total = added.saturating_add(changed).saturating_add(removed);
        f.write_str(&counted(total, "modification", "modifications"))?;
        if total > 0 {
            write!(
                f,
                "\u{a0}: {}, {}, {}",
                counted(added, "ligne ajoutée", "lignes ajoutées"),
                counted(changed, "ligne modifiée", "lignes modifiées"),
                counted(removed, "ligne supprimée", "lignes supprimées")
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(reference: &str, amount: &str) -> RawLine {
        RawLine::default().with(Field::Reference, reference).with(Field::AmountPaid, amount)
    }

    #[test]
    fn amounts_are_compared_as_amounts_and_days_as_days() {
        let old = [line("A", "1\u{202f}234,50\u{a0}€")
            .with(Field::PaidOn, "12/05/2013")
            .with(Field::Description, "a\r\nb ")];
        let new = [line(" A ", "1234.5").with(Field::PaidOn, "2013-05-12").with(Field::Description, "a\nb")];
        let changes = diff(&old, &new);
        assert!(changes.is_empty());
        assert_eq!((changes.unchanged, changes.to_string()), (1, "0\u{a0}modification".to_owned()));
    }

    #[test]
    fn names_what_differs() {
        let old = [line("A", "1"), line("B", "2"), line("C", "3")];
        let new = [line("C", "3,01").with(Field::Title, "Eau"), line("A", "1,00"), line("D", "4")];
        let changes = diff(&old, &new);
        assert_eq!(changes.changed.len(), 1);
        let fields: Vec<_> =
            changes.changed[0].fields.iter().map(|c| (c.field, c.old.as_str(), c.new.as_str())).collect();
        assert_eq!(fields, [(Field::Title, "", "Eau"), (Field::AmountPaid, "3", "3,01")]);
        assert_eq!(changes.added, [line("D", "4")]);
        assert_eq!(changes.removed, [line("B", "2")]);
        assert_eq!(
            changes.to_string(),
            "3\u{a0}modifications\u{a0}: 1\u{a0}ligne ajoutée, 1\u{a0}ligne modifiée, 1\u{a0}ligne supprimée"
        );
    }

    #[test]
    fn an_unreadable_amount_is_not_equal_to_another() {
        assert_eq!(diff(&[line("A", "1.234")], &[line("A", "1234")]).changed.len(), 1);
        assert_eq!(diff(&[line("A", "abc")], &[line("A", "abc")]).unchanged, 1);
        assert_eq!(diff(&[line("A", "")], &[line("A", "0")]).changed.len(), 1, "nothing is not zero");
    }

    #[test]
    fn lines_without_or_with_a_repeated_reference_are_never_merged() {
        let changes =
            diff(&[line("", "1"), line("A", "2"), line("A", "3")], &[line("", "1"), line("A", "2")]);
        assert_eq!((changes.added.len(), changes.removed.len(), changes.unchanged), (1, 2, 1));
    }
}
