//! Who receives: countries and regions of the DAC list, sub-totals, and the ministry's zones.

use super::{PatternSet, RecipientCode, Years, dated::Row};

/// What a recipient code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecipientKind {
    /// A country or territory of the DAC list.
    Country,
    /// Several countries of one region.
    Region,
    /// 998: developing countries, unspecified.
    Unspecified,
}

/// A recipient of the DAC list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// DAC code.
    pub code: RecipientCode,
    /// Country, region or unspecified.
    pub kind: RecipientKind,
    /// ISO 3166 alpha-2, for countries; XK, which users agree on, for Kosovo.
    pub iso2: Option<Box<str>>,
    /// ISO 3166 alpha-3, for countries.
    pub iso3: Option<Box<str>>,
    /// Name in the OECD's French list.
    pub name_fr: Box<str>,
    /// Name in the OECD's English list.
    pub name_en: Box<str>,
    /// Area of the sub-totals of the DG Trésor table.
    pub area: Box<str>,
    /// Flow years on the list.
    pub years: Years,
}

impl Row for Recipient {
    fn key(&self) -> &str {
        self.code.as_str()
    }
    fn years(&self) -> Years {
        self.years
    }
}

/// Income group of a country on the DAC list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncomeGroup {
    /// Least developed country.
    Ldc,
    /// Other low-income country.
    Olic,
    /// Lower middle income.
    Lmic,
    /// Upper middle income.
    Umic,
}

impl IncomeGroup {
    /// Code as the OECD abbreviates it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ldc => "LDC",
            Self::Olic => "OLIC",
            Self::Lmic => "LMIC",
            Self::Umic => "UMIC",
        }
    }

    /// French name.
    #[must_use]
    pub const fn name_fr(self) -> &'static str {
        match self {
            Self::Ldc => "Pays moins avancé",
            Self::Olic => "Autre pays à faible revenu",
            Self::Lmic => "Pays à revenu intermédiaire, tranche inférieure",
            Self::Umic => "Pays à revenu intermédiaire, tranche supérieure",
        }
    }
}

/// Income group of a country over a span of flow years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Income {
    /// DAC code.
    pub code: RecipientCode,
    /// Group.
    pub group: IncomeGroup,
    /// Flow years.
    pub years: Years,
}

impl Row for Income {
    fn key(&self) -> &str {
        self.code.as_str()
    }
    fn years(&self) -> Years {
        self.years
    }
}

/// Area of the DG Trésor table, with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// DAC code of the area.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Area it is a part of.
    pub parent: Option<Box<str>>,
    /// Place in the table.
    pub order: u16,
}

/// Geographic zone in which the ministry publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Code.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Place in the publication.
    pub order: u16,
    /// Types of aid that belong to this zone wherever the recipient is (expenses made in France).
    pub aid_types: Option<PatternSet>,
}

/// Zone of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientZone {
    /// DAC code.
    pub code: RecipientCode,
    /// Code of the zone.
    pub zone: Box<str>,
    /// Whether the ministry counts it in the Sahel.
    pub sahel: bool,
}
