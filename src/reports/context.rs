//! What a report is given besides its lines.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::codes::CodeLists;
use crate::domain::collectivity::Collectivity;
use crate::domain::declaration::Seal;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::scope::Scope;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports::{ReportError, Result};

/// Each body as the register holds it in the flow year.
pub type Bodies = HashMap<Siren, Collectivity>;

/// What a report is given besides its lines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context {
    /// Of which payments.
    pub flow_year: FlowYear,
    /// How final the figures are.
    pub status: Status,
    /// Of which territory.
    pub scope: Scope,
    /// Unit of the tables; lines are always in euros.
    pub unit: Unit,
    /// The last filing or the settlement, whichever is later: what dates the file.
    pub data_at: Instant,
    /// The code lists.
    pub codes: Arc<CodeLists>,
    /// The register.
    pub bodies: Arc<Bodies>,
    /// The versions that count, in the scope.
    pub filings: FilingCounts,
}

/// How final the figures of a report are (rule 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The campaign is not settled.
    Provisional,
    /// The campaign is settled; this file is not a stored edition.
    Settled,
    /// Yearly amounts from before the service, which nothing but another import changes.
    Past,
    /// A stored edition.
    Edition {
        /// From 1.
        number: u32,
        /// When it was released.
        released_at: Instant,
    },
}

impl Status {
    /// The sentence of the title block.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Provisional => {
                "PROVISOIRE\u{a0}: campagne non arrêtée, les chiffres peuvent changer".to_owned()
            }
            Self::Settled => "Campagne arrêtée\u{a0}; document établi à la demande, hors édition".to_owned(),
            Self::Past => "Montants annuels repris d’avant l’ouverture du service".to_owned(),
            Self::Edition { number, released_at } => {
                format!("Édition {number} du {}", released_at.day_in_paris().to_long())
            }
        }
    }

    /// The word of machine formats.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Provisional => "provisoire",
            Self::Settled => "arrete",
            Self::Past => "reprise",
            Self::Edition { .. } => "edition",
        }
    }
}

/// The unit of the cells of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// Exact euros.
    Euro,
    /// Thousands of euros, each cell rounded half away from zero (rule 12).
    #[default]
    Thousand,
}

impl Unit {
    /// 1 or 1000.
    #[must_use]
    pub const fn factor(self) -> i64 {
        match self {
            Self::Euro => 1,
            Self::Thousand => 1000,
        }
    }

    /// The unit of this factor.
    #[must_use]
    pub const fn from_factor(factor: u16) -> Option<Self> {
        match factor {
            1 => Some(Self::Euro),
            1000 => Some(Self::Thousand),
            _ => None,
        }
    }

    /// The French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Euro => "euros",
            Self::Thousand => "milliers d’euros",
        }
    }

    /// What a cell of an exact sum holds: centimes, or whole thousands.
    #[must_use]
    pub const fn shown(self, exact: Euros) -> i64 {
        match self {
            Self::Euro => exact.cents(),
            Self::Thousand => exact.rounded_thousands(),
        }
    }

    /// The decimal text of what a cell holds.
    #[must_use]
    pub fn text(self, shown: i64) -> String {
        match self {
            Self::Euro => Euros::from_cents(shown).map(Euros::to_plain).unwrap_or_default(),
            Self::Thousand => shown.to_string(),
        }
    }

    /// What a cell holds, back in euros; `None` outside the range.
    #[must_use]
    pub fn euros(self, shown: i64) -> Option<Euros> {
        let cents = match self {
            Self::Euro => shown,
            Self::Thousand => shown.checked_mul(100_000)?,
        };
        Euros::from_cents(cents).ok()
    }
}

/// How many versions of each kind count, and what they seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilingCounts {
    /// By kind, in the order of [`FilingKind::ALL`].
    by_kind: [u64; 5],
    /// Lines that they seal.
    pub lines: u64,
    /// Own resources that they seal.
    pub total_own: Euros,
}

impl FilingCounts {
    /// Counts the versions that count; `None` when their sum leaves the range.
    pub fn of(filings: impl IntoIterator<Item = Seal>) -> Option<Self> {
        let mut counts = Self::default();
        for filing in filings {
            let kinds = counts.by_kind.iter_mut().zip(FilingKind::ALL);
            for (count, _) in kinds.filter(|(_, kind)| *kind == filing.kind) {
                *count = count.saturating_add(1);
            }
            counts.lines = counts.lines.saturating_add(u64::from(filing.line_count));
            counts.total_own = counts.total_own.checked_add(filing.total_own)?;
        }
        Some(counts)
    }

    /// The versions of one kind.
    #[must_use]
    pub fn kind(&self, kind: FilingKind) -> u64 {
        FilingKind::ALL.iter().zip(self.by_kind).find(|(own, _)| **own == kind).map_or(0, |(_, count)| count)
    }

    /// The bodies that declared: every version but the annulled ones (rule 3).
    #[must_use]
    pub fn declarants(&self) -> u64 {
        FilingKind::ALL
            .into_iter()
            .filter(|kind| *kind != FilingKind::Annulled)
            .map(|kind| self.kind(kind))
            .sum()
    }
}

impl Context {
    /// « Exercice 2013 (campagne 2014) ».
    #[must_use]
    pub fn period(&self) -> String {
        format!("Exercice {} (campagne {})", self.flow_year, self.flow_year.campaign())
    }

    /// Refuses to end a report whose lines are not those that the filings seal.
    ///
    /// # Errors
    /// [`ReportError::Unsealed`] with both numbers and both sums.
    pub fn check_sealed(&self, lines: u64, own: Euros) -> Result<()> {
        if lines == self.filings.lines && own == self.filings.total_own {
            return Ok(());
        }
        Err(ReportError::Unsealed {
            lines,
            sum: own.to_string(),
            filed_lines: self.filings.lines,
            filed_sum: self.filings.total_own.to_string(),
        })
    }

    /// Where the figures come from, and of when they are.
    #[must_use]
    pub fn source(&self) -> String {
        format!(
            "Source\u{a0}: e-APD, dernières versions déposées par les collectivités. Données au {}.",
            self.data_at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_rounds_or_keeps() {
        let amount = Euros::from_cents(123_450_000).unwrap();
        assert_eq!(Unit::Thousand.text(Unit::Thousand.shown(amount)), "1235");
        assert_eq!(Unit::Euro.text(Unit::Euro.shown(amount)), "1234500.00");
        assert_eq!(Unit::Thousand.euros(1_235), Euros::from_cents(123_500_000).ok());
    }
}
