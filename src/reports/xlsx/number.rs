//! Where exact amounts become the doubles of a workbook: the only float of the program.

use crate::domain::euros::Euros;

/// The cell of an amount: the double nearest to its decimal text.
///
/// No arithmetic is done on it here; up to fifteen digits, which [`Euros`] never
/// exceeds, the decimal text is found again in what a spreadsheet shows.
#[must_use]
pub fn cell_number(amount: Euros) -> f64 {
    decimal(amount.plain().as_str())
}

/// The cell of a whole number: exact below 2^53, as every count and code here is.
#[must_use]
pub fn whole_number(value: i64) -> f64 {
    i32::try_from(value).map_or_else(|_large| decimal(&value.to_string()), f64::from)
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
