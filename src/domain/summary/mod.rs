//! What a territory declared in a year (synthèse): exact sums by every cut that the ministry publishes.
//!
//! A line is counted once in each cut, so that each cut adds up to the total to the cent, and the regions with
//! `HORS` add up to the nation (rule 10). Lines without own resources are counted apart, as in the report for
//! DG Trésor (rule 6).
//!
//! | file | what it holds |
//! |---|---|
//! | [`cut`] | the cuts: their names, and where a line falls |
//! | [`figures`] | the sums of one version, which never change |
//! | [`part`] | the sums of one region of attachment |
//! | [`year`] | the parts of a year |
//! | [`published`] | what was published on a year, beside ours |
//! | [`table`] | a territory beside the year before, as it is shown |

pub mod cut;
pub mod figures;
pub mod part;
pub mod published;
pub mod share;
pub mod table;
pub mod year;

pub use cut::{Cut, Index};
pub use figures::{Figures, Payment};
pub use part::{Body, Contributor, Counts, Part, Place};
pub use share::Share;
pub use table::{Associated, Listed, Project, Row, Standing, Summary, Table};
pub use year::{Known, Year};

use crate::domain::euros::Euros;

/// The nature of what is spent on the reception of refugees, which the ministry publishes apart.
pub const REFUGEES: &str = "refugies";

/// How many contributors and projects are named.
pub const NAMED: usize = 10;

/// Lines with own resources, and what they amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Lines.
    pub lines: u64,
    /// Own resources.
    pub own: Euros,
    /// Of which the reception of refugees.
    pub refugees: Euros,
}

impl Sum {
    /// Adds another sum. What was filed is bounded far below the range of [`Euros`].
    pub fn add(&mut self, other: Self) {
        self.lines = self.lines.saturating_add(other.lines);
        self.own = [self.own, other.own].into_iter().sum();
        self.refugees = [self.refugees, other.refugees].into_iter().sum();
    }

    /// Own resources but for the reception of refugees.
    #[must_use]
    pub fn without_refugees(self) -> Euros {
        self.own.checked_sub(self.refugees).unwrap_or_default()
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), |mut total, one| {
            total.add(one);
            total
        })
    }
}
