//! CRS lists: purposes, channels, types of aid, markers, and the Sustainable Development Goals.

use super::{AidTypeCode, ChannelCode, PurposeCode, Years, dated::Row};

/// What a type of aid says of the flow (CRS item 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BiMulti {
    /// 1: bilateral.
    Bilateral,
    /// 2: multilateral.
    Multilateral,
    /// 3: bilateral, core contribution to an NGO or another private body.
    BilateralCore,
}

impl BiMulti {
    /// CRS code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Bilateral => 1,
            Self::Multilateral => 2,
            Self::BilateralCore => 3,
        }
    }
}

/// A five-digit purpose code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// CRS code.
    pub code: PurposeCode,
    /// Three-digit category it belongs to.
    pub category: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// English name.
    pub name_en: Box<str>,
    /// Flow years in which this row describes the code.
    pub years: Years,
    /// Flow years in which it may be declared; none is never.
    pub declarable: Option<Years>,
    /// Whether it is a budget identifier that the OECD collects on a voluntary basis.
    pub voluntary: bool,
}

/// A three-digit category of purposes; never declarable itself (rule 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeCategory {
    /// Three digits.
    pub code: Box<str>,
    /// Category it is a part of.
    pub parent: Option<Box<str>>,
    /// French name.
    pub name_fr: Box<str>,
    /// English name.
    pub name_en: Box<str>,
}

/// A channel of delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// CRS code.
    pub code: ChannelCode,
    /// Heading above it.
    pub parent: Option<ChannelCode>,
    /// The highest heading below the groups (10000, 20000…): 21000 for ENDA (47035), the code itself
    /// for a general channel. Patterns with a star look at it.
    pub family: ChannelCode,
    /// French name.
    pub name_fr: Box<str>,
    /// English name.
    pub name_en: Box<str>,
    /// Flow years in which this row describes the code.
    pub years: Years,
    /// Flow years in which it may be declared; none is never (group headings).
    pub declarable: Option<Years>,
}

/// A type of aid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AidType {
    /// CRS code.
    pub code: AidTypeCode,
    /// Heading above it.
    pub parent: Option<AidTypeCode>,
    /// French name.
    pub name_fr: Box<str>,
    /// English name.
    pub name_en: Box<str>,
    /// What it says of the flow; none for headings A to H.
    pub bi_multi: Option<BiMulti>,
    /// Flow years in which this row describes the code.
    pub years: Years,
    /// Flow years in which it may be declared; none is never (headings A to H).
    pub declarable: Option<Years>,
}

/// A policy marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Our code, as in the header `marqueur_<code>`.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Number of the CRS++ item, where it is known.
    pub crs_item: Option<u8>,
    /// Code in the IATI list of markers.
    pub iati_code: u8,
    /// Highest score: 2, and 3 for desertification.
    pub max: u8,
    /// Flow years in which the marker exists.
    pub years: Years,
}

/// A Sustainable Development Goal, or one of its targets (which carry no name here).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdgItem {
    /// `6` for a goal, `6.1` for a target.
    pub code: Box<str>,
    /// Goal of a target; none for a goal.
    pub goal: Option<Box<str>>,
    /// French short name of a goal.
    pub name_fr: Option<Box<str>>,
    /// English short name of a goal.
    pub name_en: Option<Box<str>>,
    /// Flow years in which it exists.
    pub years: Years,
}

/// A row that may or may not be declared in a year.
pub trait Declarable: Row {
    /// Flow years in which the code may be declared.
    fn declarable(&self) -> Option<Years>;
    /// French name.
    fn name_fr(&self) -> &str;
    /// English name.
    fn name_en(&self) -> &str;

    /// Whether the code may be declared for a flow year (rule 7).
    fn is_declarable(&self, year: u16) -> bool {
        self.declarable().is_some_and(|years| years.contains(year))
    }
}

macro_rules! declarable_row {
    ($record:ty) => {
        impl Row for $record {
            fn key(&self) -> &str {
                self.code.as_str()
            }
            fn years(&self) -> Years {
                self.years
            }
        }

        impl Declarable for $record {
            fn declarable(&self) -> Option<Years> {
                self.declarable
            }
            fn name_fr(&self) -> &str {
                &self.name_fr
            }
            fn name_en(&self) -> &str {
                &self.name_en
            }
        }
    };
}

declarable_row!(Purpose);
declarable_row!(Channel);
declarable_row!(AidType);
