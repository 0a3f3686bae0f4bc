//! Expected bodies (rule 11): those that a campaign follows, and why.

use crate::domain::euros::Euros;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// How many flow years back a declaration makes a body expected.
pub const YEARS_BACK: u16 = 5;

/// Who decided that a body is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExpectedOrigin {
    /// An imported list.
    List,
    /// A manager.
    Manager,
    /// Its SGAR.
    Sgar,
}

impl ExpectedOrigin {
    /// Every origin.
    pub const ALL: [Self; 3] = [Self::List, Self::Manager, Self::Sgar];

    /// The word of the database and of files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Manager => "manager",
            Self::Sgar => "sgar",
        }
    }

    /// The origin of this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.code() == code)
    }

    /// The French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::List => "liste importée",
            Self::Manager => "ajoutée par le ministère",
            Self::Sgar => "ajoutée par son SGAR",
        }
    }
}

/// What was last declared before the flow year of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastDeclared {
    /// Of which payments.
    pub flow_year: FlowYear,
    /// How much; zero for a signed "nothing".
    pub amount: Euros,
    /// Whether the figure comes from before the service (rule 5).
    pub is_past_amount: bool,
}

/// Where an expected body stands; the classes exclude each other (rule 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// A version with lines counts, or one taken over.
    Declared,
    /// A nil version counts.
    Nil,
    /// Nothing counts, but a draft is there.
    Draft,
    /// Nothing at all.
    Nothing,
}

impl Progress {
    /// Whether the body has filed.
    #[must_use]
    pub const fn has_filed(self) -> bool {
        matches!(self, Self::Declared | Self::Nil)
    }
}

/// A body that a campaign expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedBody {
    /// Which.
    pub siren: Siren,
    /// The decision that it is expected, with its reason, where there is one that was not withdrawn.
    pub decision: Option<(ExpectedOrigin, String)>,
    /// What it declared last, before the flow year of the campaign.
    pub last: Option<LastDeclared>,
    /// Where it stands.
    pub progress: Progress,
    /// Whether somebody can be written to.
    pub has_contact: bool,
}

impl ExpectedBody {
    /// Whether a declaration of the years before makes it expected.
    #[must_use]
    pub fn by_its_past(&self, year: FlowYear) -> bool {
        self.last.is_some_and(|last| is_recent(last.flow_year, year))
    }

    /// Why it is expected, in French.
    #[must_use]
    pub fn why(&self, year: FlowYear) -> String {
        why(self.decision.as_ref(), self.last, year)
    }
}

/// Why a body is expected for a flow year, in French: what it declared before, and who decided.
#[must_use]
pub fn why(
    decision: Option<&(ExpectedOrigin, String)>,
    last: Option<LastDeclared>,
    year: FlowYear,
) -> String {
    let past = last.filter(|last| is_recent(last.flow_year, year)).map(|last| {
        let how = if last.is_past_amount { "reprise antérieure" } else { "déclaration" };
        format!("{how} de l’exercice {}", last.flow_year)
    });
    let decision = decision.map(|(origin, reason)| format!("{}\u{a0}: {reason}", origin.label()));
    past.into_iter().chain(decision).collect::<Vec<_>>().join("\u{a0}; ")
}

/// Whether `past` is one of the five flow years before `year`.
#[must_use]
pub fn is_recent(past: FlowYear, year: FlowYear) -> bool {
    past < year && past.get().saturating_add(YEARS_BACK) >= year.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_years_back_and_no_further() {
        let year = |year| FlowYear::new(year).unwrap();
        assert!(is_recent(year(2008), year(2013)) && is_recent(year(2012), year(2013)));
        assert!(!is_recent(year(2008), year(2014)));
        assert!(!is_recent(year(2013), year(2013)) && !is_recent(year(2014), year(2013)));
    }
}
