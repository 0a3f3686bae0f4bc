//! What only the lines together can break.

use std::collections::HashMap;

use super::Rule;
use super::check::Run;
use crate::domain::euros::Euros;
use crate::domain::field::Field;
use crate::domain::line::Line;
use crate::domain::text::{excerpt, fold};

/// The declaration's total must be an amount that the service can hold (rule 6).
pub(super) fn total(run: &mut Run<'_>, lines: &[Option<Line>]) {
    let mut total = Euros::ZERO;
    for (index, line) in lines.iter().enumerate() {
        let Some(line) = line else { continue };
        match total.checked_add(line.amounts.paid) {
            Some(sum) => total = sum,
            None => run.add(
                Rule::TotalTooLarge,
                (index, Some(Field::AmountPaid)),
                &line.amounts.paid.to_cell(),
                format!("Avec cette ligne, le total de la déclaration dépasse {}.", Euros::MAX),
                "Vérifiez le nombre de chiffres des montants\u{a0}; ils sont en euros.",
            ),
        }
    }
}

/// Warns of lines that are the same but for their reference and details.
pub(super) fn duplicates(run: &mut Run<'_>, lines: &[Option<Line>]) {
    let mut same_amount: HashMap<Euros, usize> = HashMap::with_capacity(lines.len());
    for line in lines.iter().flatten() {
        let count = same_amount.entry(line.amounts.paid).or_default();
        *count = count.saturating_add(1);
    }
    let mut first: HashMap<_, usize> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        // Most amounts are those of one line: its title need not be looked at.
        let Some(line) = line else { continue };
        if same_amount.get(&line.amounts.paid) == Some(&1) {
            continue;
        }
        let key = (
            line.recipient.as_str(),
            line.purpose.as_str(),
            line.channel.as_str(),
            line.nature.as_str(),
            line.amounts.paid,
            fold(&line.title),
        );
        let earlier = *first.entry(key).or_insert(index);
        if earlier != index {
            run.add(
                Rule::DuplicateLine,
                (index, None),
                "",
                format!(
                    "Cette ligne semble répéter la ligne n°\u{a0}{}\u{a0}: même pays, secteur, canal, nature, montant et titre («\u{a0}{}\u{a0}»).",
                    earlier.saturating_add(1),
                    excerpt(&line.title, 60)
                ),
                "Retirez l’une des deux s’il s’agit du même versement\u{a0}; sinon, distinguez leurs titres.",
            );
        }
    }
}
