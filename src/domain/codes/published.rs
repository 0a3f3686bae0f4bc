//! Figures that the ministry published on past years, as they were printed.

use super::CodeLists;

/// Of what a published figure speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedOf {
    /// Own resources, the whole.
    Total,
    /// Of which the reception of refugees.
    Refugees,
    /// The whole but for refugees.
    WithoutRefugees,
    /// The countries of the Sahel, but for refugees.
    Sahel,
    /// The ten first countries together, but for refugees.
    TenCountries,
    /// A body that paid, but for refugees.
    Contributor,
    /// A class of categories of collectivities, but for refugees.
    Category,
    /// A region of who pays, but for refugees.
    Region,
    /// A zone, but for refugees.
    Zone,
    /// A country, but for refugees.
    Recipient,
    /// A sector, but for refugees.
    Sector,
    /// Payments under a 1 % law.
    Law,
    /// Bodies that declared, nil included.
    Declarants,
    /// Countries that benefit.
    Countries,
}

impl PublishedOf {
    /// The words of the table.
    pub(super) const WORDS: [(&'static str, Self); 14] = [
        ("total", Self::Total),
        ("refugees", Self::Refugees),
        ("without", Self::WithoutRefugees),
        ("sahel", Self::Sahel),
        ("ten", Self::TenCountries),
        ("contributor", Self::Contributor),
        ("categories", Self::Category),
        ("regions", Self::Region),
        ("zones", Self::Zone),
        ("pays", Self::Recipient),
        ("secteurs", Self::Sector),
        ("lois_1pct", Self::Law),
        ("declarants", Self::Declarants),
        ("countries", Self::Countries),
    ];

    /// Whether it is counted one by one, and not in euros.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        matches!(self, Self::Declarants | Self::Countries)
    }
}

/// What a published figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedUnit {
    /// Millions of euros.
    Millions,
    /// Percents of the whole but for refugees.
    Percents,
    /// One by one.
    Count,
}

/// A published figure, with as many decimals as were printed: none or one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Year of the payments.
    pub year: u16,
    /// Of what.
    pub of: PublishedOf,
    /// Of which class or body, where it is about one.
    pub class: Option<Box<str>>,
    /// Tenths of the unit.
    pub tenths: i64,
    /// Whether a decimal was printed.
    pub has_decimal: bool,
    /// The unit.
    pub unit: PublishedUnit,
    /// What is to be known beside it, in French.
    pub note_fr: Option<Box<str>>,
    /// Where it was published.
    pub source: Box<str>,
}

impl CodeLists {
    /// What was published on the payments of a year, in the order of the table.
    pub fn published(&self, year: u16) -> impl Iterator<Item = &Published> {
        self.published.iter().filter(move |figure| figure.year == year)
    }
}
