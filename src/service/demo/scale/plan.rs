//! How large a demonstration of national scale is, and how its lines fall on its flow years.

use crate::domain::year::{CampaignYear, YearError};

/// Campaigns of the demonstration: the last one is open.
pub const CAMPAIGNS: u16 = 10;
/// Share of the effective lines of each flow year, per mille, oldest first: a
/// service that grows to the whole country, and a campaign that is under way.
const SHARES: [u32; 10] = [5, 10, 15, 20, 30, 50, 80, 120, 500, 170];
/// Fewest and most effective lines.
const LINES: std::ops::RangeInclusive<u32> = 1_000..=1_000_000;
/// The seed where none is given.
pub const SEED: u64 = 20_140_331;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    lines: u32,
    seed: u64,
}

/// A scale that the demonstration does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "«\u{a0}{0}\u{a0}» n’est pas une échelle\u{a0}: donnez un nombre entier de lignes, de 1000 à 1000000"
)]
pub struct ScaleError(String);

impl Plan {
    /// A plan of so many effective lines in all flow years together.
    ///
    /// # Errors
    /// Outside 1,000 to 1,000,000.
    pub fn new(lines: u32, seed: u64) -> Result<Self, ScaleError> {
        if LINES.contains(&lines) { Ok(Self { lines, seed }) } else { Err(ScaleError(lines.to_string())) }
    }

    /// Effective lines in all flow years together.
    #[must_use]
    pub const fn lines(self) -> u32 {
        self.lines
    }

    /// What everything is drawn from.
    #[must_use]
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// Effective lines of the flow year of this rank, the oldest one being 0.
    /// The running sums are rounded, so that the whole is exact.
    #[must_use]
    pub fn lines_of(self, rank: usize) -> u32 {
        let until = |rank: usize| {
            let share: u32 = SHARES.iter().take(rank).sum();
            u64::from(self.lines) * u64::from(share) / 1_000
        };
        u32::try_from(until(rank + 1) - until(rank)).unwrap_or_default()
    }

    /// The campaigns, oldest first, that end with `open`.
    ///
    /// # Errors
    /// When the first one is before the years that the service knows.
    pub fn campaigns(self, open: CampaignYear) -> Result<Vec<CampaignYear>, YearError> {
        (0..CAMPAIGNS).rev().map(|back| CampaignYear::new(open.get().saturating_sub(back))).collect()
    }
}

/// A number of lines that a plan takes, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale(u32);

impl std::str::FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let wrong = || ScaleError(crate::domain::text::excerpt(text, 40));
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
        let lines = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let lines: u32 = lines.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
        Plan::new(lines, SEED).map(|plan| Self(plan.lines)).map_err(|_outside| wrong())
    }
}

impl Scale {
    /// The plan of this scale.
    #[must_use]
    pub const fn plan(self, seed: u64) -> Plan {
        Plan { lines: self.0, seed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_falls_on_one_year() {
        assert_eq!(SHARES.iter().sum::<u32>(), 1_000);
        let of = |lines| -> Vec<u32> {
            let plan = Plan::new(lines, SEED).unwrap();
            (0..SHARES.len()).map(|rank| plan.lines_of(rank)).collect()
        };
        assert_eq!(of(1_000), SHARES);
        assert_eq!((of(1_000_000)[0], of(1_000_000)[5], of(1_000_000)[8]), (5_000, 50_000, 500_000));
        for lines in [1_001, 1_999, 54_321, 999_999] {
            assert_eq!(of(lines).iter().sum::<u32>(), lines);
        }
    }

    #[test]
    fn refuses_what_is_no_scale() {
        assert_eq!("10 000".parse::<Scale>().unwrap().plan(1).lines(), 10_000);
        for wrong in ["", "999", "1000001", "-5000", "beaucoup", "5000,5", "99999999999999"] {
            let told = wrong.parse::<Scale>().unwrap_err().to_string();
            assert!(told.contains("de 1000 à 1000000"), "{told}");
        }
    }
}
