//! Exact euros (rule 6): an amount is a whole number of centimes, never a float.

use std::fmt;
use std::iter::Sum;

use rust_decimal::Decimal;

use crate::domain::figures::Figures;
use crate::domain::text::thousands;

/// An exact amount in euros with two decimals.
///
/// Kept as centimes. The range is the one of `NUMERIC(15,2)`; every arithmetic
/// operation is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Euros(i64);

/// An amount that [`Euros`] cannot hold exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EurosError {
    /// More than two decimals.
    #[error("plus de deux décimales")]
    TooPrecise,
    /// Outside `NUMERIC(15,2)`.
    #[error("montant hors limites")]
    OutOfRange,
}

impl Euros {
    /// Nothing at all.
    pub const ZERO: Self = Self(0);
    /// The largest amount the service holds: 9 999 999 999 999,99 €.
    pub const MAX: Self = Self(999_999_999_999_999);

    /// An amount from its centimes.
    ///
    /// # Errors
    /// [`EurosError::OutOfRange`] outside `NUMERIC(15,2)`.
    pub const fn from_cents(cents: i64) -> Result<Self, EurosError> {
        if cents.unsigned_abs() > Self::MAX.0.unsigned_abs() {
            return Err(EurosError::OutOfRange);
        }
        Ok(Self(cents))
    }

    /// The amount in centimes.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Whether the amount is 0,00 €.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the amount is below 0,00 €.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `self + other`, or `None` outside the range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_cents(self.0.checked_add(other.0)?).ok()
    }

    /// `self - other`, or `None` outside the range.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_cents(self.0.checked_sub(other.0)?).ok()
    }

    /// The sum of `amounts`, or `None` outside the range.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount in whole thousands of euros, rounded half away from zero
    /// (rule 12: cells are rounded, margins add the rounded cells).
    #[must_use]
    pub const fn rounded_thousands(self) -> i64 {
        let half = if self.0 < 0 { -50_000 } else { 50_000 };
        (self.0.saturating_add(half)) / 100_000
    }

    /// The same amount as a decimal with two decimals.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Contract form, as in JSON and CSV exports for machines: `1234.56`.
    #[must_use]
    pub fn to_plain(self) -> String {
        self.plain().as_str().to_owned()
    }

    /// [`Self::to_plain`] without an allocation.
    #[must_use]
    pub fn plain(self) -> Figures<17> {
        let cents = self.0.unsigned_abs();
        let text = Figures::new().digits(cents % 100, 2).before(b'.').digits(cents / 100, 1);
        if self.0 < 0 { text.before(b'-') } else { text }
    }

    /// French form without unit, for cells that people edit: `1234,56`.
    #[must_use]
    pub fn to_cell(self) -> String {
        self.to_plain().replace('.', ",")
    }
}

impl TryFrom<Decimal> for Euros {
    type Error = EurosError;

    fn try_from(value: Decimal) -> Result<Self, EurosError> {
        let value = value.normalize();
        if value.scale() > 2 {
            return Err(EurosError::TooPrecise);
        }
        let factor = 10_i128.pow(2_u32.saturating_sub(value.scale()));
        let cents = value.mantissa().checked_mul(factor).ok_or(EurosError::OutOfRange)?;
        let cents = i64::try_from(cents).ok().ok_or(EurosError::OutOfRange)?;
        Self::from_cents(cents)
    }
}

/// Sums saturate at the range, which no set of declared amounts can reach:
/// use [`Euros::checked_sum`] where the input is not yet accepted.
impl Sum for Euros {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |total, amount| total.checked_add(amount).unwrap_or(Self::MAX))
    }
}

/// French typography: `1 234,56 €` with U+202F between thousands and U+00A0
/// before the sign.
impl fmt::Display for Euros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{},{:02}\u{a0}€", thousands(cents / 100), cents % 100)
    }
}

impl serde::Serialize for Euros {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euros(cents: i64) -> Euros {
        Euros::from_cents(cents).unwrap()
    }

    #[test]
    fn shows_french_typography() {
        assert_eq!(euros(123_456_789).to_string(), "1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(euros(5).to_string(), "0,05\u{a0}€");
        assert_eq!(euros(-100_000).to_string(), "-1\u{202f}000,00\u{a0}€");
        assert_eq!(euros(99_999).to_string(), "999,99\u{a0}€");
    }

    proptest! {
        #[test]
        fn is_plain_to_machines(cents in -Euros::MAX.cents()..=Euros::MAX.cents()) {
            let (sign, size) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
            prop_assert_eq!(euros(cents).to_plain(), format!("{sign}{}.{:02}", size / 100, size % 100));
        }
    }

    #[test]
    fn refuses_a_third_decimal_instead_of_rounding() {
        assert_eq!(Euros::try_from(Decimal::new(10_999, 3)), Err(EurosError::TooPrecise));
        assert_eq!(Euros::try_from(Decimal::new(10_990, 3)), Ok(euros(1_099)));
        assert_eq!(Euros::try_from(Decimal::new(7, 0)), Ok(euros(700)));
    }

    #[test]
    fn rounds_thousands_half_away_from_zero() {
        assert_eq!(euros(49_999).rounded_thousands(), 0);
        assert_eq!(euros(50_000).rounded_thousands(), 1);
        assert_eq!(euros(-50_000).rounded_thousands(), -1);
    }

    #[test]
    fn refuses_what_numeric_15_2_cannot_hold() {
        assert!(Euros::from_cents(Euros::MAX.cents() + 1).is_err());
        assert!(Euros::from_cents(i64::MIN).is_err());
        assert_eq!(Euros::MAX.checked_add(euros(1)), None);
    }

    proptest! {
        #[test]
        fn decimal_round_trip(cents in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(Euros::try_from(euros(cents).to_decimal()), Ok(euros(cents)));
        }
    }
}
