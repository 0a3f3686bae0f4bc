//! Contacts of a collectivity: its elected members and officers in charge of international matters, its mailboxes.
//!
//! Agents keep them and confirm them at each campaign; they are never public.

use crate::domain::instant::Instant;
use crate::domain::year::CampaignYear;

/// Most contacts of a collectivity that its agents keep. A file of the ministry may bring more: agents who filled the
/// list do not stop it.
pub const MOST: usize = 20;

/// Where a contact comes from, which tells what its address receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The register or a file of the ministry: it receives reminders, and codes that attach an agent at once.
    Imported,
    /// Agents of the collectivity: it receives reminders, and never a code. Whoever was attached for a day could
    /// otherwise let anyone in.
    Kept,
}

/// What an agent last said of a contact: that it is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// When.
    pub at: Instant,
    /// Random id of the agent.
    pub by: String,
    /// For which campaign, where one was open.
    pub campaign: Option<CampaignYear>,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 2] = [Self::Imported, Self::Kept];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Kept => "kept",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Imported => "importé par le ministère",
            Self::Kept => "saisi par la collectivité",
        }
    }
}
