//! The sums of one version: it never changes, nor do they.

use std::collections::BTreeMap;

use crate::domain::codes::{AidTypeCode, ChannelCode, CodeLists, NatureCode, PurposeCode, RecipientCode};
use crate::domain::euros::Euros;
use crate::domain::line::OnePercentLaw;

use super::{Index, NAMED, REFUGEES, Sum};

/// What a summary reads of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Place in the version, from 1.
    pub position: u32,
    /// Who benefits.
    pub recipient: RecipientCode,
    /// What for.
    pub purpose: PurposeCode,
    /// Through whom.
    pub channel: ChannelCode,
    /// What kind of expense.
    pub nature: NatureCode,
    /// In which form.
    pub aid_type: AidTypeCode,
    /// Under which 1 % law.
    pub law: Option<OnePercentLaw>,
    /// Own resources.
    pub own: Euros,
}

/// The sums of one version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// The whole.
    pub total: Sum,
    /// Lines without own resources, in no sum (rule 6).
    pub left_out: u64,
    /// The sum of each class of its lines, by number.
    pub(super) classes: Box<[(usize, Sum)]>,
    /// Its largest lines but for refugees: position and own resources, the largest first.
    pub(super) largest: Vec<(u32, Euros)>,
}

impl Figures {
    /// The sums of payments.
    pub fn of<'p>(
        payments: impl IntoIterator<Item = &'p Payment>,
        index: &mut Index,
        codes: &CodeLists,
        year: u16,
    ) -> Self {
        let mut classes: BTreeMap<usize, Sum> = BTreeMap::new();
        let mut figures = Self::default();
        for payment in payments {
            if payment.own.is_zero() {
                figures.left_out = figures.left_out.saturating_add(1);
                continue;
            }
            let is_refugees = payment.nature.as_str() == REFUGEES;
            let refugees = if is_refugees { payment.own } else { Euros::ZERO };
            let sum = Sum { lines: 1, own: payment.own, refugees };
            figures.total.add(sum);
            for class in index.of(payment, codes, year) {
                classes.entry(class).or_default().add(sum);
            }
            if !is_refugees {
                figures.largest.push((payment.position, payment.own));
            }
        }
        figures.largest.sort_by_key(|(position, own)| (std::cmp::Reverse(*own), *position));
        figures.largest.truncate(NAMED);
        figures.largest.shrink_to_fit();
        figures.classes = classes.into_iter().collect();
        figures
    }

    /// A yearly amount from before the service, without lines.
    pub fn undetailed(amount: Euros, index: &mut Index) -> Self {
        let total = Sum { lines: 0, own: amount, refugees: Euros::ZERO };
        let classes = if amount.is_zero() { vec![] } else { index.undetailed().to_vec() };
        let classes = classes.into_iter().map(|class| (class, total)).collect();
        Self { total, classes, ..Self::default() }
    }

    /// All lines, those left out included.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.total.lines.saturating_add(self.left_out)
    }
}
