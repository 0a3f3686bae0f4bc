//! What a verdict says.

use crate::domain::call::CallCode;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};

use super::reason::Reason;

/// The verdict on one body for one call at one instant (rule 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The body asked about.
    pub siren: Siren,
    /// The call asked about.
    pub call: CallCode,
    /// The answer.
    pub status: Status,
    /// Why, in one code: of the derogation, else of the most recent required
    /// year among those that decide.
    pub reason: Reason,
    /// Why and what can still be done, in French.
    pub sentence: String,
    /// The text on which the call's requirement rests.
    pub founding_text: String,
    /// The instant for which it holds.
    pub at: Instant,
    /// Each required year, ascending.
    pub years: Vec<YearVerdict>,
}

/// How a required year stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearVerdict {
    /// The required flow year.
    pub year: FlowYear,
    /// The campaign that collected it, if there was one.
    pub campaign: Option<CampaignYear>,
    /// How it stands.
    pub state: YearState,
    /// Why.
    pub reason: Reason,
    /// Why and what can still be done, in French.
    pub sentence: String,
    /// The body that decides: the one asked about, or else a predecessor.
    pub of: Siren,
    /// The receipt of the version that counts for `of`, whatever it states.
    pub receipt: Option<String>,
    /// The instant of that version.
    pub filed_at: Option<Instant>,
    /// Where the past amount of `of` comes from.
    pub source: Option<String>,
    /// When the year rests on predecessors: each that existed in it, by SIREN.
    pub predecessors: Vec<PredecessorYear>,
}

/// How a predecessor stands in a year that its successor was not there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredecessorYear {
    /// The predecessor.
    pub siren: Siren,
    /// Its name in the register.
    pub name: String,
    /// How it stands.
    pub state: YearState,
    /// Why.
    pub reason: Reason,
    /// The receipt of the version that counts, whatever it states.
    pub receipt: Option<String>,
    /// The instant of that version.
    pub filed_at: Option<Instant>,
    /// Where its past amount comes from.
    pub source: Option<String>,
}

/// The answer for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// May apply and be granted.
    Eligible,
    /// May not.
    Ineligible,
    /// May apply, cannot be granted yet.
    Pending,
    /// What is on file does not tell.
    Undetermined,
    /// Not a French collectivity: the rule does not bear on it.
    NotConcerned,
}

/// How a required year stands, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearState {
    /// Declared, or nothing was to be declared.
    Satisfied,
    /// May still be declared.
    Pending,
    /// Neither campaign nor past amounts.
    Unknown,
    /// Not declared.
    Missed,
}

impl Status {
    /// Every answer.
    pub const ALL: [Self; 5] =
        [Self::Eligible, Self::Ineligible, Self::Pending, Self::Undetermined, Self::NotConcerned];

    /// The answer of this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Pending => "en_attente",
            Self::Undetermined => "indetermine",
            Self::NotConcerned => "non_concerne",
        }
    }

    /// The French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Eligible => "éligible",
            Self::Ineligible => "inéligible",
            Self::Pending => "en attente",
            Self::Undetermined => "indéterminé",
            Self::NotConcerned => "non concerné",
        }
    }
}

impl YearState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Satisfied, Self::Pending, Self::Unknown, Self::Missed];

    /// The state of this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfait",
            Self::Pending => "en_attente",
            Self::Unknown => "inconnu",
            Self::Missed => "manquant",
        }
    }

    /// The French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfait",
            Self::Pending => "en attente",
            Self::Unknown => "inconnu",
            Self::Missed => "manquant",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_year_outweighs_an_unknown_and_that_a_pending_one() {
        assert!(YearState::Missed > YearState::Unknown);
        assert!(YearState::Unknown > YearState::Pending);
        assert!(YearState::Pending > YearState::Satisfied);
    }
}
