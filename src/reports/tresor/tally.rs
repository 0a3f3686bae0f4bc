//! The sums of a Trésor report, exact, gathered line by line.

use std::collections::{BTreeMap, HashMap};

use crate::domain::codes::RecipientCode;
use crate::domain::euros::Euros;
use crate::reports::tresor::counted::Counted;
use crate::reports::{Context, ReportError, Result};

/// The natures and channels that others may have declared too (rule 6, domain facts on FACECO and refugees).
const FACECO: &str = "faceco";
const DONOR_CHANNELS: [&str; 3] = ["11000", "11001", "11002"];

/// A number of lines and the exact sum of their own resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Lines.
    pub lines: u64,
    /// Own resources.
    pub own: Euros,
}

impl Total {
    fn add(&mut self, own: Euros) -> Result<()> {
        self.lines = self.lines.saturating_add(1);
        self.own = self.own.checked_add(own).ok_or(ReportError::OutOfRange)?;
        Ok(())
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place<'a> {
    Recipient(&'a RecipientCode),
    Refugees,
    Multilateral,
}

/// Lines that may be counted twice, by us and by another administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DoubleCounts {
    /// Contributions to FACECO.
    pub faceco: Total,
    /// By channel of the donor's administrations, in the order of [`DoubleCounts::CHANNELS`].
    pub channels: [Total; 3],
    /// Refugees in France.
    pub refugees: Total,
}

impl DoubleCounts {
    /// The channels that are counted.
    pub const CHANNELS: [&'static str; 3] = DONOR_CHANNELS;
}

/// The lists whose used codes are told in the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Recipients.
    Recipient,
    /// Purposes.
    Purpose,
    /// Channels.
    Channel,
    /// Natures.
    Nature,
    /// Types of aid.
    AidType,
}

/// The sums. Cells are exact; rounding belongs to the table.
#[derive(Debug, Clone)]
pub struct Tally {
    columns: usize,
    recipients: HashMap<RecipientCode, Vec<Option<Euros>>>,
    refugees: Vec<Option<Euros>>,
    multilateral: Vec<Option<Euros>>,
    breakdown: BTreeMap<(String, String), Euros>,
    used: HashMap<List, BTreeMap<String, u64>>,
    /// Lines in the table.
    pub kept: Total,
    /// Lines without own resources, left out of the table (rule 6).
    pub left_out: u64,
    /// Paid, all lines.
    pub paid: Euros,
    /// Cofinancing received, all lines.
    pub cofinancing: Euros,
    /// Candidates to double counting.
    pub double_counts: DoubleCounts,
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let columns = context.codes.tresor_columns().len();
        Self {
            columns,
            recipients: HashMap::new(),
            refugees: vec![None; columns],
            multilateral: vec![None; columns],
            breakdown: BTreeMap::new(),
            used: HashMap::new(),
            kept: Total::default(),
            left_out: 0,
            paid: Euros::ZERO,
            cofinancing: Euros::ZERO,
            double_counts: DoubleCounts::default(),
        }
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn add(&mut self, line: &Counted<'_>, context: &Context) -> Result<()> {
        let filed = line.line();
        add(&mut self.paid, filed.amounts.paid)?;
        add(&mut self.cofinancing, filed.amounts.cofinancing_received)?;
        self.note_codes(line);
        let Some(column) = line.column else {
            self.left_out = self.left_out.saturating_add(1);
            return Ok(());
        };
        self.kept.add(line.own)?;
        let place = match &*column.code {
            "REFUGIES" => Place::Refugees,
            "MULTILATERAL" => Place::Multilateral,
            _ => Place::Recipient(&filed.recipient),
        };
        let index = context.codes.tresor_columns().iter().position(|own| own.code == column.code);
        let cell = index.and_then(|index| self.row(place).get_mut(index));
        let sum = cell.ok_or(ReportError::OutOfRange)?.get_or_insert(Euros::ZERO);
        add(sum, line.own)?;

        let category = line.category.map_or_else(String::new, |category| category.code.to_string());
        let key = (category, line.body.region.clone());
        add(self.breakdown.entry(key).or_default(), line.own)?;

        if filed.nature.as_str() == FACECO {
            self.double_counts.faceco.add(line.own)?;
        }
        if place == Place::Refugees {
            self.double_counts.refugees.add(line.own)?;
        }
        let channels = DONOR_CHANNELS.iter().zip(&mut self.double_counts.channels);
        for (_, total) in channels.filter(|(code, _)| **code == filed.channel.as_str()) {
            total.add(line.own)?;
        }
        Ok(())
    }

    /// All lines, those left out of the table included.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.kept.lines.saturating_add(self.left_out)
    }

    fn row(&mut self, place: Place<'_>) -> &mut Vec<Option<Euros>> {
        match place {
            Place::Refugees => &mut self.refugees,
            Place::Multilateral => &mut self.multilateral,
            Place::Recipient(code) => {
                let empty = || vec![None; self.columns];
                self.recipients.entry(code.clone()).or_insert_with(empty)
            }
        }
    }

    fn note_codes(&mut self, line: &Counted<'_>) {
        let filed = line.line();
        let codes = [
            (List::Recipient, filed.recipient.as_str()),
            (List::Purpose, filed.purpose.as_str()),
            (List::Channel, filed.channel.as_str()),
            (List::Nature, filed.nature.as_str()),
            (List::AidType, filed.aid_type.as_str()),
        ];
        for (list, code) in codes {
            let used = self.used.entry(list).or_default();
            match used.get_mut(code) {
                Some(count) => *count = count.saturating_add(1),
                None => {
                    used.insert(code.to_owned(), 1);
                }
            }
        }
    }

    /// The exact cells of a recipient, one a column; none where no line has it.
    #[must_use]
    pub fn recipient(&self, code: &str) -> Option<&[Option<Euros>]> {
        self.recipients.get(code).map(Vec::as_slice)
    }

    /// The recipients that have a cell, in no order.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.recipients.keys().map(RecipientCode::as_str)
    }

    /// The exact cells of refugees in France.
    #[must_use]
    pub fn refugees(&self) -> &[Option<Euros>] {
        &self.refugees
    }

    /// The exact cells of multilateral contributions.
    #[must_use]
    pub fn multilateral(&self) -> &[Option<Euros>] {
        &self.multilateral
    }

    /// The exact sum of a category in a region.
    #[must_use]
    pub fn breakdown(&self, category: &str, region: &str) -> Option<Euros> {
        self.breakdown.get(&(category.to_owned(), region.to_owned())).copied()
    }

    /// The regions of the breakdown.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.breakdown.keys().map(|(_, region)| region.as_str())
    }

    /// The codes of a list that lines use, with the number of lines.
    pub fn used(&self, list: List) -> impl Iterator<Item = (&str, u64)> {
        self.used.get(&list).into_iter().flatten().map(|(code, count)| (code.as_str(), *count))
    }
}

fn add(sum: &mut Euros, amount: Euros) -> Result<()> {
    *sum = sum.checked_add(amount).ok_or(ReportError::OutOfRange)?;
    Ok(())
}
