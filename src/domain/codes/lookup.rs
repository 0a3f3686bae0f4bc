//! Questions to the code lists, by exact code.

use super::{
    Area, CodeLists, CollectivityCategory, IncomeGroup, Marker, Nature, PurposeCategory, RecipientZone,
    SdgItem, TresorColumn, Zone,
};

impl CodeLists {
    /// A nature in a flow year.
    #[must_use]
    pub fn nature(&self, code: &str, year: u16) -> Option<&Nature> {
        self.natures.at(code, year)
    }

    /// A policy marker.
    #[must_use]
    pub fn marker(&self, code: &str) -> Option<&Marker> {
        self.markers.iter().find(|marker| *marker.code == *code)
    }

    /// A goal (`6`) or a target (`6.1`).
    #[must_use]
    pub fn sdg_item(&self, code: &str) -> Option<&SdgItem> {
        self.sdg_by_code.get(code).and_then(|position| self.sdg.get(*position))
    }

    /// A three-digit category of purposes.
    #[must_use]
    pub fn purpose_category(&self, code: &str) -> Option<&PurposeCategory> {
        let position =
            self.purpose_categories.binary_search_by(|category| (*category.code).cmp(code)).ok()?;
        self.purpose_categories.get(position)
    }

    /// An area of the DG Trésor table.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.areas.iter().find(|area| *area.code == *code)
    }

    /// Income group of a country in a flow year; none for a region and off the list.
    #[must_use]
    pub fn recipient_group(&self, code: &str, year: u16) -> Option<IncomeGroup> {
        self.income.at(code, year).map(|income| income.group)
    }

    /// The ministry's zone of a recipient.
    #[must_use]
    pub fn zone(&self, recipient: &str) -> Option<&Zone> {
        let row = self.recipient_zone(recipient)?;
        self.zones.iter().find(|zone| zone.code == row.zone)
    }

    /// The zone in which a line is published: expenses made in France are "France" wherever the person
    /// comes from.
    #[must_use]
    pub fn line_zone(&self, recipient: &str, aid_type: &str) -> Option<&Zone> {
        self.zones
            .iter()
            .find(|zone| zone.aid_types.as_ref().is_some_and(|types| types.matches(aid_type)))
            .or_else(|| self.zone(recipient))
    }

    /// Whether the ministry counts a recipient in the Sahel.
    #[must_use]
    pub fn is_sahel(&self, recipient: &str) -> bool {
        self.recipient_zone(recipient).is_some_and(|row| row.sahel)
    }

    fn recipient_zone(&self, recipient: &str) -> Option<&RecipientZone> {
        self.zone_by_recipient.get(recipient).and_then(|position| self.recipient_zones.get(*position))
    }

    /// The column of the DG Trésor table for a line; the first row of the mapping that matches wins.
    #[must_use]
    pub fn tresor_column(&self, aid_type: &str, purpose: &str, channel: &str) -> Option<&TresorColumn> {
        let family = self.channels.latest(channel).map_or(channel, |row| row.family.as_str());
        let rule = self.tresor_rules.iter().find(|rule| rule.takes(aid_type, purpose, channel, family))?;
        self.tresor_columns.iter().find(|column| column.code == rule.column)
    }

    /// The published category of a kind of collectivity with a population.
    #[must_use]
    pub fn category(&self, kind: &str, population: Option<u32>) -> Option<&CollectivityCategory> {
        self.categories.iter().find(|category| category.takes(kind, population))
    }
}
