//! An order to release a report: how far it is, and what became of it. The files of a whole year take a while, so
//! whoever orders them does not wait for the answer of one request.

use crate::domain::instant::Instant;
use crate::domain::year::FlowYear;

/// An order, from when it was given until what it made is old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseOrder {
    /// Random id: part of the address at which it is followed.
    pub id: String,
    /// Name of the report.
    pub name: String,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// Random id of the person who ordered it.
    pub ordered_by: String,
    /// When.
    pub ordered_at: Instant,
    /// Lines written so far, over all files of the edition.
    pub done: u64,
    /// Lines there are to write; 0 until that is known.
    pub total: u64,
    /// How often a process took it up.
    pub attempts: u32,
    /// What became of it, and when.
    pub end: Option<(Instant, OrderEnd)>,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEnd {
    /// There is a new edition.
    Released(u32),
    /// Nothing had changed since this edition, which stays.
    Unchanged(u32),
    /// A rule or a check refused it, for this reason in French.
    Refused(String),
    /// It could not be done; the logs say why.
    Failed,
}

impl OrderEnd {
    /// The stable word.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Released(_) => "released",
            Self::Unchanged(_) => "unchanged",
            Self::Refused(_) => "refused",
            Self::Failed => "failed",
        }
    }

    /// The edition there is since.
    #[must_use]
    pub const fn edition(&self) -> Option<u32> {
        match self {
            Self::Released(edition) | Self::Unchanged(edition) => Some(*edition),
            Self::Refused(_) | Self::Failed => None,
        }
    }

    /// Why there is none.
    #[must_use]
    pub fn told(&self) -> Option<&str> {
        match self {
            Self::Refused(why) => Some(why),
            _ => None,
        }
    }
}
