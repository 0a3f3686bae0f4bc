//! Finding a code from what people write: a code, or a name (rule 7, and the cells of an import).

use super::{
    AidType, Channel, CodeLists, Declarable, Nature, Purpose, Recipient, Years,
    dated::{Dated, joined},
    labels::Labels,
};

impl CodeLists {
    /// A recipient by DAC code, ISO alpha-3, French or English name, or alias. Whether it is on the list
    /// in a flow year is asked of its `years`.
    #[must_use]
    pub fn find_recipient(&self, text: &str) -> Option<&Recipient> {
        let text = text.trim();
        if let Some(found) = self.recipients.latest(text) {
            return Some(found);
        }
        if text.len() == 3 {
            let iso3 = text.to_ascii_uppercase();
            if let Some(found) = self.iso3.get(iso3.as_str()).and_then(|code| self.recipients.latest(code)) {
                return Some(found);
            }
        }
        match self.recipient_labels.codes(text) {
            [code] => self.recipients.latest(code),
            _ => None,
        }
    }

    /// A purpose by code or name. The row is that of the flow year, else the nearest one: whether it may
    /// be declared is asked of it.
    #[must_use]
    pub fn find_purpose(&self, text: &str, year: u16) -> Option<&Purpose> {
        find(&self.purposes, &self.purpose_labels, text, year)
    }

    /// A channel by code or name, as [`CodeLists::find_purpose`].
    #[must_use]
    pub fn find_channel(&self, text: &str, year: u16) -> Option<&Channel> {
        find(&self.channels, &self.channel_labels, text, year)
    }

    /// A type of aid by code (in either case) or name, as [`CodeLists::find_purpose`].
    #[must_use]
    pub fn find_aid_type(&self, text: &str, year: u16) -> Option<&AidType> {
        let code = text.trim().to_ascii_uppercase();
        self.aid_types
            .nearest(&code, year)
            .or_else(|| find(&self.aid_types, &self.aid_type_labels, text, year))
    }

    /// A nature by code or name, in a flow year.
    #[must_use]
    pub fn find_nature(&self, text: &str, year: u16) -> Option<&Nature> {
        let code = text.trim().to_lowercase();
        self.natures.at(&code, year).or_else(|| match self.nature_labels.codes(text) {
            [code] => self.natures.at(code, year),
            _ => None,
        })
    }

    /// Recipients on the list of a flow year whose names are closest to a typo, best first. Like every
    /// suggestion it walks all names: ask for the errors that are shown, not for every line of a bulk.
    #[must_use]
    pub fn suggest_recipients(&self, typed: &str, year: u16, limit: usize) -> Vec<&Recipient> {
        let keep = |code: &str| self.recipients.at(code, year).is_some();
        let codes = self.recipient_labels.closest(typed, keep, limit);
        codes.into_iter().filter_map(|code| self.recipients.at(code, year)).collect()
    }

    /// Purposes declarable in a flow year whose names are closest to what was typed, best first.
    #[must_use]
    pub fn suggest_purposes(&self, typed: &str, year: u16, limit: usize) -> Vec<&Purpose> {
        suggest(&self.purposes, &self.purpose_labels, typed, year, limit)
    }

    /// Channels declarable in a flow year whose names are closest to what was typed, best first.
    #[must_use]
    pub fn suggest_channels(&self, typed: &str, year: u16, limit: usize) -> Vec<&Channel> {
        suggest(&self.channels, &self.channel_labels, typed, year, limit)
    }

    /// Natures of a flow year whose names are closest to what was typed, best first.
    #[must_use]
    pub fn suggest_natures(&self, typed: &str, year: u16, limit: usize) -> Vec<&Nature> {
        let codes = self.nature_labels.closest(typed, |code| self.natures.at(code, year).is_some(), limit);
        codes.into_iter().filter_map(|code| self.natures.at(code, year)).collect()
    }
}

/// Flow years in which a code may be declared, in as few spans as possible; empty when never.
#[must_use]
pub fn declarable_years<T: Declarable>(table: &Dated<T>, code: &str) -> Vec<Years> {
    joined(table.rows(code).iter().filter_map(Declarable::declarable))
}

/// By code; else by name: the one declarable in the year, and of several the newest (an energy code of
/// 2014 and its successor bear the same name). Two of the same age are ambiguous: none.
fn find<'a, T: Declarable>(table: &'a Dated<T>, labels: &Labels, text: &str, year: u16) -> Option<&'a T> {
    let text = text.trim();
    if let Some(row) = table.nearest(text, year) {
        return Some(row);
    }
    let rows: Vec<&T> = labels.codes(text).iter().filter_map(|code| table.nearest(code, year)).collect();
    let declared: Vec<&T> = rows.iter().copied().filter(|row| row.is_declarable(year)).collect();
    let candidates = if declared.is_empty() { rows } else { declared };
    let newest = candidates.iter().map(|row| row.years().start()).max()?;
    let mut newest = candidates.into_iter().filter(|row| row.years().start() == newest);
    match (newest.next(), newest.next()) {
        (found, None) => found,
        _ => None,
    }
}

fn suggest<'a, T: Declarable>(
    table: &'a Dated<T>,
    labels: &Labels,
    typed: &str,
    year: u16,
    limit: usize,
) -> Vec<&'a T> {
    let declared = |code: &str| table.at(code, year).filter(|row| row.is_declarable(year));
    let codes = labels.closest(typed, |code| declared(code).is_some(), limit);
    codes.into_iter().filter_map(declared).collect()
}
