//! The window in which declarations are taken (rule 2).

use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::year::CampaignYear;

/// First and last civil day of a campaign, both inclusive, in Europe/Paris.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    opens_on: Day,
    closes_on: Day,
}

/// The last day comes before the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("le dernier jour ({closes_on}) précède le premier ({opens_on})")]
pub struct WindowError {
    /// First day as given.
    pub opens_on: Day,
    /// Last day as given.
    pub closes_on: Day,
}

impl Window {
    /// A window from its two days.
    ///
    /// # Errors
    /// When the last day precedes the first.
    pub fn new(opens_on: Day, closes_on: Day) -> Result<Self, WindowError> {
        if closes_on < opens_on {
            return Err(WindowError { opens_on, closes_on });
        }
        Ok(Self { opens_on, closes_on })
    }

    /// 15 April to 15 June, as the circular of 31 March 2014 announced.
    #[must_use]
    pub fn default_for(year: CampaignYear) -> Self {
        let day = |month| Day::of(year.get(), month, 15).unwrap_or_else(|| Day::first_of(year.get()));
        Self { opens_on: day(4), closes_on: day(6) }
    }

    /// First day.
    #[must_use]
    pub const fn opens_on(self) -> Day {
        self.opens_on
    }

    /// Last day, inclusive.
    #[must_use]
    pub const fn closes_on(self) -> Day {
        self.closes_on
    }

    /// The first instant inside.
    #[must_use]
    pub fn opens_at(self) -> Instant {
        self.opens_on.starts_at()
    }

    /// The first instant after.
    #[must_use]
    pub fn closes_at(self) -> Instant {
        self.closes_on.ends_at()
    }

    /// Whether `at` is inside.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        (self.opens_at()..self.closes_at()).contains(&at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_right_to_the_second() {
        let window = Window::default_for(CampaignYear::new(2014).unwrap());
        let at = |text: &str| text.parse::<Instant>().unwrap();
        assert!(!window.contains(at("2014-04-14T23:59:59+02:00")));
        assert!(window.contains(at("2014-04-15T00:00:00+02:00")));
        assert!(window.contains(at("2014-06-15T23:59:59+02:00")));
        assert!(!window.contains(at("2014-06-16T00:00:00+02:00")));
    }

    #[test]
    fn ends_right_when_the_clocks_change() {
        let window = Window::new("2014-03-30".parse().unwrap(), "2014-10-26".parse().unwrap()).unwrap();
        let at = |text: &str| text.parse::<Instant>().unwrap();
        assert!(!window.contains(at("2014-03-29T22:59:59Z")));
        assert!(window.contains(at("2014-03-29T23:00:00Z")));
        assert!(window.contains(at("2014-10-26T22:59:59Z")));
        assert!(!window.contains(at("2014-10-26T23:00:00Z")));
    }

    #[test]
    fn refuses_days_in_the_wrong_order() {
        assert!(Window::new("2014-06-15".parse().unwrap(), "2014-04-15".parse().unwrap()).is_err());
    }
}
