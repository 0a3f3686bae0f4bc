//! The kinds of filed versions (rule 3).

use std::fmt;
use std::str::FromStr;

/// What a filed version (version déposée) states. The last version counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilingKind {
    /// Déclarée: the collectivity's lines.
    Declared,
    /// Néant: the collectivity signs that it paid nothing; it has no lines (rule 5).
    Nil,
    /// Rectifiée by a manager: other lines in place of the collectivity's.
    Rectified,
    /// Annulée by a manager: the year counts as not declared.
    Annulled,
    /// Reprise by a manager: a declaration received out of time; it counts in
    /// the totals, not by itself for eligibility.
    TakenOver,
}

/// A text that names no kind of filing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "«\u{a0}{0}\u{a0}» n’est pas une sorte de version\u{a0}: declaree, neant, rectifiee, annulee ou reprise"
)]
pub struct FilingKindError(String);

impl FilingKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Declared, Self::Nil, Self::Rectified, Self::Annulled, Self::TakenOver];

    /// Contract form, without accents, for the database, JSON and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declared => "declaree",
            Self::Nil => "neant",
            Self::Rectified => "rectifiee",
            Self::Annulled => "annulee",
            Self::TakenOver => "reprise",
        }
    }

    /// The official French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Declared => "déclarée",
            Self::Nil => "néant",
            Self::Rectified => "rectifiée",
            Self::Annulled => "annulée",
            Self::TakenOver => "reprise",
        }
    }

    /// Whether only a manager may file it, with a reason and a document,
    /// inside the window or not (rule 3).
    #[must_use]
    pub const fn is_managers(self) -> bool {
        matches!(self, Self::Rectified | Self::Annulled | Self::TakenOver)
    }

    /// Whether, as the last version, it satisfies a required year (rule 9).
    #[must_use]
    pub const fn satisfies(self) -> bool {
        matches!(self, Self::Declared | Self::Nil | Self::Rectified)
    }
}

impl fmt::Display for FilingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl FromStr for FilingKind {
    type Err = FilingKindError;

    fn from_str(text: &str) -> Result<Self, FilingKindError> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == text);
        known.ok_or_else(|| FilingKindError(crate::domain::text::excerpt(text, 20)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for kind in FilingKind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert!("DECLAREE".parse::<FilingKind>().is_err());
    }

    #[test]
    fn an_annulled_or_late_version_satisfies_nothing() {
        let satisfying: Vec<_> = FilingKind::ALL.into_iter().filter(|kind| kind.satisfies()).collect();
        assert_eq!(satisfying, [FilingKind::Declared, FilingKind::Nil, FilingKind::Rectified]);
    }
}
