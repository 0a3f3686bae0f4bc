//! The code lists, indexed.

use std::collections::{BTreeMap, HashMap};

use super::{
    AidType, Area, Case, Channel, CodeListFaults, CollectivityCategory, Income, Intermediary, Marker, Nature,
    Published, Purpose, PurposeCategory, Recipient, RecipientCode, RecipientZone, Region, RegionalSiren,
    SdgItem, Theme, TresorColumn, TresorRule, Zone, dated::Dated, embedded::FILES, labels::Labels,
    tables::Tables,
};

/// Every code list, dated by flow year and indexed. Lookups borrow and cost one or two hashes.
#[derive(Debug, Clone)]
pub struct CodeLists {
    pub(super) recipients: Dated<Recipient>,
    pub(super) aliases: Vec<(RecipientCode, Box<str>)>,
    pub(super) iso3: HashMap<Box<str>, Box<str>>,
    pub(super) recipient_labels: Labels,
    pub(super) income: Dated<Income>,
    pub(super) areas: Vec<Area>,
    pub(super) zones: Vec<Zone>,
    pub(super) recipient_zones: Vec<RecipientZone>,
    pub(super) zone_by_recipient: HashMap<RecipientCode, usize>,
    pub(super) purposes: Dated<Purpose>,
    pub(super) purpose_labels: Labels,
    pub(super) purpose_categories: Vec<PurposeCategory>,
    pub(super) channels: Dated<Channel>,
    pub(super) channel_labels: Labels,
    pub(super) aid_types: Dated<AidType>,
    pub(super) aid_type_labels: Labels,
    pub(super) natures: Dated<Nature>,
    pub(super) nature_labels: Labels,
    pub(super) markers: Vec<Marker>,
    pub(super) sdg: Vec<SdgItem>,
    pub(super) sdg_by_code: HashMap<Box<str>, usize>,
    pub(super) tresor_rules: Vec<TresorRule>,
    pub(super) tresor_columns: Vec<TresorColumn>,
    pub(super) categories: Vec<CollectivityCategory>,
    pub(super) regions: Dated<Region>,
    pub(super) regional_siren: Dated<RegionalSiren>,
    pub(super) cases: Vec<Case>,
    pub(super) intermediaries: Vec<Intermediary>,
    pub(super) themes: Vec<Theme>,
    pub(super) published: Vec<Published>,
}

impl CodeLists {
    /// The texts embedded in the program, by file name: what [`CodeLists::parse`] takes, to be overridden.
    #[must_use]
    pub fn embedded_texts() -> BTreeMap<&'static str, &'static str> {
        FILES.iter().copied().collect()
    }

    /// Reads the lists embedded in the program.
    ///
    /// # Errors
    /// [`CodeListFaults`] with every row that could not be read.
    pub fn embedded() -> Result<Self, CodeListFaults> {
        Self::parse(&Self::embedded_texts())
    }

    /// Reads lists from texts, by file name. What a row says is verified by [`check`](super::check).
    ///
    /// # Errors
    /// [`CodeListFaults`] with every row that could not be read and every file that is missing.
    pub fn parse(texts: &BTreeMap<&str, &str>) -> Result<Self, CodeListFaults> {
        let mut tables = Tables::new(texts);
        let mut lists = Self {
            recipients: Dated::new(tables.recipients()),
            aliases: tables.aliases(),
            iso3: HashMap::new(),
            recipient_labels: Labels::default(),
            income: Dated::new(tables.income()),
            areas: tables.areas(),
            zones: tables.zones(),
            recipient_zones: tables.recipient_zones(),
            zone_by_recipient: HashMap::new(),
            purposes: Dated::new(tables.purposes()),
            purpose_labels: Labels::default(),
            purpose_categories: tables.purpose_categories(),
            channels: Dated::new(tables.channels()),
            channel_labels: Labels::default(),
            aid_types: Dated::new(tables.aid_types()),
            aid_type_labels: Labels::default(),
            natures: Dated::new(tables.natures()),
            nature_labels: Labels::default(),
            markers: tables.markers(),
            sdg: tables.sdg(),
            sdg_by_code: HashMap::new(),
            tresor_rules: tables.tresor_rules(),
            tresor_columns: tables.tresor_columns(),
            categories: tables.categories(),
            regions: Dated::new(tables.regions()),
            regional_siren: Dated::new(tables.regional_siren()),
            cases: tables.cases(),
            intermediaries: tables.intermediaries(),
            themes: tables.themes(),
            published: tables.published(),
        };
        if !tables.faults.is_empty() {
            return Err(CodeListFaults(tables.faults));
        }
        lists.purpose_categories.sort_by(|left, right| left.code.cmp(&right.code));
        lists.areas.sort_by_key(|area| area.order);
        lists.zones.sort_by_key(|zone| zone.order);
        lists.tresor_columns.sort_by_key(|column| column.order);
        lists.categories.sort_by_key(|category| category.order);
        lists.index();
        Ok(lists)
    }

    fn index(&mut self) {
        for recipient in &self.recipients {
            let code = recipient.code.as_str();
            if let Some(iso3) = &recipient.iso3 {
                self.iso3.insert(iso3.clone(), code.into());
            }
            self.recipient_labels.add(&recipient.name_fr, code);
            self.recipient_labels.add(&recipient.name_en, code);
        }
        for (code, alias) in &self.aliases {
            self.recipient_labels.add(alias, code.as_str());
        }
        for (position, row) in self.recipient_zones.iter().enumerate() {
            self.zone_by_recipient.insert(row.code.clone(), position);
        }
        for purpose in &self.purposes {
            self.purpose_labels.add(&purpose.name_fr, purpose.code.as_str());
            self.purpose_labels.add(&purpose.name_en, purpose.code.as_str());
        }
        for channel in &self.channels {
            self.channel_labels.add(&channel.name_fr, channel.code.as_str());
            self.channel_labels.add(&channel.name_en, channel.code.as_str());
        }
        for aid_type in &self.aid_types {
            self.aid_type_labels.add(&aid_type.name_fr, aid_type.code.as_str());
            self.aid_type_labels.add(&aid_type.name_en, aid_type.code.as_str());
        }
        for (position, item) in self.sdg.iter().enumerate() {
            self.sdg_by_code.insert(item.code.clone(), position);
        }
        for nature in &self.natures {
            self.nature_labels.add(&nature.name_fr, nature.code.as_str());
        }
    }

    /// Recipients, by DAC code.
    #[must_use]
    pub fn recipients(&self) -> &Dated<Recipient> {
        &self.recipients
    }

    /// Purposes, by code and year.
    #[must_use]
    pub fn purposes(&self) -> &Dated<Purpose> {
        &self.purposes
    }

    /// Channels, by code and year.
    #[must_use]
    pub fn channels(&self) -> &Dated<Channel> {
        &self.channels
    }

    /// Types of aid, by code and year.
    #[must_use]
    pub fn aid_types(&self) -> &Dated<AidType> {
        &self.aid_types
    }

    /// Natures, by code and year.
    #[must_use]
    pub fn natures(&self) -> &Dated<Nature> {
        &self.natures
    }

    /// Regions, present and former, by INSEE code.
    #[must_use]
    pub fn regions(&self) -> &Dated<Region> {
        &self.regions
    }

    /// SIREN of régions, départements and single territorial collectivities.
    #[must_use]
    pub fn regional_siren(&self) -> &Dated<RegionalSiren> {
        &self.regional_siren
    }

    /// Areas of the DG Trésor table, in its order.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The ministry's zones, in order.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Columns of the DG Trésor table, in order.
    #[must_use]
    pub fn tresor_columns(&self) -> &[TresorColumn] {
        &self.tresor_columns
    }

    /// Published categories of collectivities, in order.
    #[must_use]
    pub fn categories(&self) -> &[CollectivityCategory] {
        &self.categories
    }

    /// Three-digit categories of purposes, sorted by code.
    #[must_use]
    pub fn purpose_categories(&self) -> &[PurposeCategory] {
        &self.purpose_categories
    }

    /// Policy markers, sorted by code.
    #[must_use]
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Sustainable Development Goals, each followed by its targets.
    #[must_use]
    pub fn sdg(&self) -> &[SdgItem] {
        &self.sdg
    }
}
