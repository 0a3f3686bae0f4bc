//! Plain words for who knows no code: six cases, what a case asks, and some twenty themes.
//!
//! A case sets the nature and the channel, the nature the type of aid, a theme the purpose (rule 7).

use super::{ChannelCode, CodeLists, NatureCode, PurposeCode, Years};

/// What a form asks in a case, beyond the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Who received the money (`organisme`).
    Organisation,
    /// The same, where it may not be known.
    OrganisationIfKnown,
    /// Through whom, out of the [`Intermediary`] rows of the case (`par`).
    Intermediary,
    /// The same, or any other channel that the nature takes.
    OtherIntermediary,
    /// The country (`pays`).
    Recipient,
    /// The theme (`theme`).
    Theme,
}

/// A case in plain words, over a span of flow years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Our code.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// French sentence that helps to recognise it.
    pub hint_fr: Box<str>,
    /// Flow years of this row.
    pub years: Years,
    /// Nature that it sets.
    pub nature: NatureCode,
    /// Channel that it sets; none where the intermediary does.
    pub channel: Option<ChannelCode>,
    /// Group of the themes that it offers.
    pub themes: Option<Box<str>>,
    /// What is asked.
    pub asks: Vec<Ask>,
}

impl Case {
    /// Whether the case asks this.
    #[must_use]
    pub fn asks(&self, ask: Ask) -> bool {
        self.asks.contains(&ask)
    }
}

/// Someone that a case pays through, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intermediary {
    /// The case.
    pub case: Box<str>,
    /// Our code, unique in the case and year.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Flow years of this row.
    pub years: Years,
    /// Channel that it sets.
    pub channel: ChannelCode,
    /// Nature that it sets in place of the case's.
    pub nature: Option<NatureCode>,
}

/// What the money was for, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Our code.
    pub code: Box<str>,
    /// Group that cases offer.
    pub group: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Flow years of this row.
    pub years: Years,
    /// Purpose that it sets.
    pub purpose: PurposeCode,
}

impl CodeLists {
    /// The cases of a flow year, in the order of the form.
    pub fn cases(&self, year: u16) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |case| case.years.contains(year))
    }

    /// A case in a flow year.
    #[must_use]
    pub fn case(&self, code: &str, year: u16) -> Option<&Case> {
        self.cases(year).find(|case| &*case.code == code)
    }

    /// Those that a case pays through in a flow year, in the order of the form.
    pub fn intermediaries<'a>(&'a self, case: &'a Case, year: u16) -> impl Iterator<Item = &'a Intermediary> {
        self.intermediaries.iter().filter(move |row| row.case == case.code && row.years.contains(year))
    }

    /// The themes that a case offers in a flow year, in the order of the form.
    pub fn themes<'a>(&'a self, case: &'a Case, year: u16) -> impl Iterator<Item = &'a Theme> {
        self.themes
            .iter()
            .filter(move |theme| case.themes.as_ref() == Some(&theme.group) && theme.years.contains(year))
    }
}
