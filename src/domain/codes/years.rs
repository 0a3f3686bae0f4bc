//! A span of flow years.

use std::fmt;

/// A span of flow years, both ends included; a missing end is open.
///
/// An open beginning means "1996 or before": the dated OECD lists start in 1996.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Years {
    /// First flow year, or none when open.
    pub first: Option<u16>,
    /// Last flow year, or none when open.
    pub last: Option<u16>,
}

impl Years {
    /// Every flow year.
    pub const ALL: Self = Self { first: None, last: None };

    /// Whether the flow year lies in the span.
    #[must_use]
    pub fn contains(self, year: u16) -> bool {
        self.first.is_none_or(|first| first <= year) && self.last.is_none_or(|last| year <= last)
    }

    /// Whether the span ends before it begins.
    #[must_use]
    pub fn is_reversed(self) -> bool {
        matches!((self.first, self.last), (Some(first), Some(last)) if last < first)
    }

    /// Whether the two spans share a flow year.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start() <= other.end() && other.start() <= self.end()
    }

    /// Whether the other span lies wholly in this one.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start() <= other.start() && other.end() <= self.end()
    }

    /// Joins two spans that overlap or follow each other without a gap.
    #[must_use]
    pub fn joined(self, next: Self) -> Option<Self> {
        let touches = self.overlaps(next)
            || self.end().checked_add(1) == Some(next.start())
            || next.end().checked_add(1) == Some(self.start());
        touches.then(|| Self {
            first: self.first.and_then(|first| next.first.map(|other| first.min(other))),
            last: self.last.and_then(|last| next.last.map(|other| last.max(other))),
        })
    }

    /// The first year as a number that sorts: an open beginning comes first.
    #[must_use]
    pub(super) fn start(self) -> u16 {
        self.first.unwrap_or(0)
    }

    /// The last year as a number that sorts: an open end comes last.
    #[must_use]
    pub(super) fn end(self) -> u16 {
        self.last.unwrap_or(u16::MAX)
    }
}

/// French, to be put after "sur la liste": `jusqu’en 2010`, `depuis 2011`, `de 2011 à 2013`.
impl fmt::Display for Years {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (None, None) => out.write_str("sans limite de date"),
            (None, Some(last)) => write!(out, "jusqu’en {last}"),
            (Some(first), None) => write!(out, "depuis {first}"),
            (Some(first), Some(last)) if first == last => write!(out, "en {first}"),
            (Some(first), Some(last)) => write!(out, "de {first} à {last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn years(first: Option<u16>, last: Option<u16>) -> Years {
        Years { first, last }
    }

    #[test]
    fn both_ends_are_included() {
        let span = years(Some(2011), Some(2013));
        let inside: Vec<u16> = (2009..=2015).filter(|year| span.contains(*year)).collect();
        assert_eq!(inside, [2011, 2012, 2013]);
        assert!(Years::ALL.contains(0) && Years::ALL.contains(u16::MAX));
    }

    #[test]
    fn french_display() {
        assert_eq!(years(None, Some(2010)).to_string(), "jusqu’en 2010");
        assert_eq!(years(Some(2011), None).to_string(), "depuis 2011");
        assert_eq!(years(Some(2011), Some(2013)).to_string(), "de 2011 à 2013");
        assert_eq!(years(Some(2016), Some(2016)).to_string(), "en 2016");
        assert_eq!(Years::ALL.to_string(), "sans limite de date");
    }

    #[test]
    fn spans_that_touch_are_joined_others_are_not() {
        let before = years(None, Some(2009));
        assert_eq!(before.joined(years(Some(2010), None)), Some(Years::ALL));
        assert_eq!(before.joined(years(Some(2011), None)), None);
        assert_eq!(
            years(Some(2001), Some(2003)).joined(years(Some(2002), Some(2009))),
            Some(years(Some(2001), Some(2009)))
        );
    }

    #[test]
    fn overlap_and_cover() {
        assert!(years(None, Some(2010)).overlaps(years(Some(2010), None)));
        assert!(!years(None, Some(2010)).overlaps(years(Some(2011), None)));
        assert!(Years::ALL.covers(years(Some(2011), None)));
        assert!(!years(Some(2012), None).covers(years(Some(2011), None)));
        assert!(years(Some(2012), Some(2011)).is_reversed());
    }
}
