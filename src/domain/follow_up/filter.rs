//! Which of the expected bodies are asked for.

use crate::domain::expected::Progress;
use crate::domain::follow_up::{Axis, Row, Why};
use crate::domain::text::fold;
use crate::domain::year::FlowYear;

/// A class of bodies, or a union that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Amounts count.
    Declared,
    /// A nil counts.
    Nil,
    /// Nothing counts, a draft is there.
    Draft,
    /// Nothing at all.
    Nothing,
    /// Declared or nil.
    Filed,
    /// Draft or nothing.
    Missing,
    /// Filed, and a correction is not.
    Correcting,
}

/// What is asked for; everything where it is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Where they stand.
    pub class: Option<Class>,
    /// A code on each of these axes; none of them is `Region`, which is the scope of the survey.
    pub codes: Vec<(Axis, String)>,
    /// Why they are expected.
    pub reason: Option<Why>,
    /// Those to whom nobody can write.
    pub is_unreachable: bool,
    /// Words of the name, or the beginning of the SIREN.
    pub query: String,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] =
        [Self::Declared, Self::Nil, Self::Draft, Self::Nothing, Self::Filed, Self::Missing, Self::Correcting];

    /// The word of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declared => "declaree",
            Self::Nil => "neant",
            Self::Draft => "brouillon",
            Self::Nothing => "rien",
            Self::Filed => "deposee",
            Self::Missing => "manquante",
            Self::Correcting => "correction",
        }
    }

    /// The French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Declared => "montants déclarés",
            Self::Nil => "néant déclaré",
            Self::Draft => "brouillon non déposé",
            Self::Nothing => "rien",
            Self::Filed => "a déposé (montants ou néant)",
            Self::Missing => "n’a pas déposé (brouillon ou rien)",
            Self::Correcting => "correction non déposée",
        }
    }

    /// The class of what was counted so.
    #[must_use]
    pub const fn of(progress: Progress) -> Self {
        match progress {
            Progress::Declared => Self::Declared,
            Progress::Nil => Self::Nil,
            Progress::Draft => Self::Draft,
            Progress::Nothing => Self::Nothing,
        }
    }

    fn takes(self, row: &Row<'_>) -> bool {
        match self {
            Self::Filed => row.progress.has_filed(),
            Self::Missing => !row.progress.has_filed(),
            Self::Correcting => row.corrects,
            Self::Declared | Self::Nil | Self::Draft | Self::Nothing => Self::of(row.progress) == self,
        }
    }
}

impl Filter {
    /// Those of the rows that are asked for.
    pub fn select<'a>(&self, rows: impl Iterator<Item = Row<'a>>, year: FlowYear) -> Vec<Row<'a>> {
        let query = fold(&self.query);
        let words: Vec<&str> = query.split(' ').filter(|word| !word.is_empty()).collect();
        let digits: String = self.query.chars().filter(|c| !c.is_whitespace()).collect();
        let is_named = |row: &Row<'_>| {
            let begins = |word: &&str| row.body.key.split(' ').any(|own| own.starts_with(*word));
            words.iter().all(begins) || (!digits.is_empty() && row.body.siren.as_str().starts_with(&digits))
        };
        let is_asked = |row: &Row<'a>| {
            self.class.is_none_or(|class| class.takes(row))
                && self.reason.is_none_or(|reason| row.body.is_expected_for(reason, year))
                && !(self.is_unreachable && row.is_reachable)
                && self.codes.iter().all(|(axis, code)| axis.code_of(row) == code)
                && is_named(row)
        };
        rows.filter(is_asked).collect()
    }
}
