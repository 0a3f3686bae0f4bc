//! Shares and changes: whole tenths of a percent, rounded only to be shown.

use std::fmt;

use crate::domain::euros::Euros;

/// Tenths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(i64);

impl Share {
    /// What part of `whole` an amount is, rounded half away from zero; none of nothing.
    #[must_use]
    pub fn of(part: Euros, whole: Euros) -> Option<Self> {
        Self::ratio(part.cents(), whole.cents())
    }

    /// The same of counts.
    #[must_use]
    pub fn of_counts(part: u64, whole: u64) -> Option<Self> {
        Self::ratio(i64::try_from(part).ok()?, i64::try_from(whole).ok()?)
    }

    /// How much more than before, in parts of what was before; none where there was nothing.
    #[must_use]
    pub fn change(before: Euros, now: Euros) -> Option<Self> {
        Self::ratio(now.checked_sub(before)?.cents(), before.cents())
    }

    fn ratio(part: i64, whole: i64) -> Option<Self> {
        if whole <= 0 {
            return None;
        }
        let (part, whole) = (i128::from(part) * 1_000, i128::from(whole));
        let half = if part < 0 { -(whole / 2) } else { whole / 2 };
        i64::try_from((part + half) / whole).ok().map(Self)
    }

    /// Tenths of a percent.
    #[must_use]
    pub const fn tenths(self) -> i64 {
        self.0
    }

    /// For machines: `12.3`.
    #[must_use]
    pub fn to_plain(self) -> String {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        format!("{sign}{}.{}", size / 10, size % 10)
    }

    /// With its sign, as a change: `+12,3 %`.
    #[must_use]
    pub fn signed(self) -> String {
        if self.0 > 0 { format!("+{self}") } else { self.to_string() }
    }
}

/// `12,3 %`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}%", self.to_plain().replace('.', ","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(cents: i64) -> Euros {
        Euros::from_cents(cents).unwrap()
    }

    #[test]
    fn shares_are_rounded_to_a_tenth_of_a_percent() {
        let of = |part, whole| Share::of(euros(part), euros(whole)).map(|share| share.to_string());
        assert_eq!(of(1, 3).as_deref(), Some("33,3\u{a0}%"));
        assert_eq!(of(1, 2_000).as_deref(), Some("0,1\u{a0}%"), "half is rounded up");
        assert_eq!((of(0, 5).as_deref(), of(5, 0)), (Some("0,0\u{a0}%"), None));
        assert_eq!(Share::of(Euros::MAX, Euros::MAX).map(Share::tenths), Some(1_000));
    }

    #[test]
    fn changes_have_a_sign() {
        let told = |before, now| Share::change(euros(before), euros(now)).map(Share::signed);
        assert_eq!(told(8_290, 10_060).as_deref(), Some("+21,4\u{a0}%"));
        assert_eq!(told(5_960, 5_300).as_deref(), Some("-11,1\u{a0}%"));
        assert_eq!((told(100, 100).as_deref(), told(0, 100)), (Some("0,0\u{a0}%"), None));
        assert_eq!(Share::change(euros(2_000), euros(1_999)).unwrap().to_plain(), "-0.1");
    }
}
