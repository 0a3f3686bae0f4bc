//! What a test declares.

use eapd::domain::field::{Field, RawLine};

/// A well in Mali, with what is mandatory: accepted in every flow year.
pub fn well(reference: &str, amount: &str) -> RawLine {
    RawLine::default()
        .with(Field::Reference, reference)
        .with(Field::Title, "Puits de Médine")
        .with(Field::Recipient, "MLI")
        .with(Field::Purpose, "14030")
        .with(Field::Channel, "22000")
        .with(Field::Nature, "projet")
        .with(Field::AmountPaid, amount)
}
