//! Where exact amounts become the doubles of a workbook: the only float of the program.

use crate::domain::euros::Euros;

/// The cell of an amount: the double nearest to its decimal text.
///
/// No arithmetic is done on it here; up to fifteen digits, which [`Euros`] never
/// exceeds, the decimal text is found again in what a spreadsheet shows.
#[must_use]
pub fn cell_number(amount: Euros) -> f64 {
    decimal(&amount.to_plain())
}

/// The cell of a decimal text written by the program; 0 for any other text.
#[must_use]
pub fn decimal(text: &str) -> f64 {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cell_shows_the_exact_amount(cents in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let amount = Euros::from_cents(cents).unwrap();
            prop_assert_eq!(format!("{:.2}", cell_number(amount)), amount.to_plain());
        }
    }
}
