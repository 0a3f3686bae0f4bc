//! Natures of expenses: what a declarant chooses, and the CRS codes it implies (rule 7).

use super::{
    AidType, AidTypeCode, BiMulti, Channel, ChannelCode, NatureCode, PatternSet, Purpose, PurposeCode,
    Recipient, RecipientCode, RecipientKind, Years, dated::Row,
};

/// Recipients that a nature accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecipientRule {
    /// A country or a region of the DAC list.
    Country,
    /// A country, a region, or 998.
    CountryOrUnspecified,
    /// 998 only.
    Unspecified,
}

/// What the declarant must give because the nature does not imply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mandatory {
    /// The recipient (`pays`).
    pub recipient: bool,
    /// The purpose code (`secteur`).
    pub purpose: bool,
    /// The channel (`canal`).
    pub channel: bool,
}

/// A nature over a span of flow years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nature {
    /// Our code.
    pub code: NatureCode,
    /// French name.
    pub name_fr: Box<str>,
    /// Flow years of this row.
    pub years: Years,
    /// Type of aid when the declarant gives none.
    pub aid_type: AidTypeCode,
    /// Types of aid that may be given instead.
    pub aid_types: PatternSet,
    /// Purpose when the declarant gives none.
    pub purpose: Option<PurposeCode>,
    /// Purposes accepted.
    pub purposes: PatternSet,
    /// Recipient when the declarant gives none.
    pub recipient: Option<RecipientCode>,
    /// Recipients accepted.
    pub recipient_rule: RecipientRule,
    /// Channel when the declarant gives none.
    pub channel: Option<ChannelCode>,
    /// Channels accepted.
    pub channels: PatternSet,
    /// Bilateral or multilateral.
    pub bi_multi: BiMulti,
    /// What the declarant must give.
    pub mandatory: Mandatory,
}

/// The four codes of a minimal line: the nature's defaults, and an example where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCodes<'a> {
    /// Type of aid.
    pub aid_type: &'a str,
    /// Purpose.
    pub purpose: &'a str,
    /// Recipient.
    pub recipient: &'a str,
    /// Channel.
    pub channel: &'a str,
}

/// Examples for what a nature does not imply: basic water, primary education; Mali, Senegal; an NGO of the
/// donor country, UNICEF. All are on every list since 2008.
const EXAMPLE_PURPOSES: [&str; 2] = ["14030", "11220"];
const EXAMPLE_RECIPIENT: &str = "255";
const EXAMPLE_CHANNELS: [&str; 2] = ["22000", "41122"];

impl Nature {
    /// Whether the nature accepts a type of aid; whether that one is declarable is asked of the list.
    #[must_use]
    pub fn accepts_aid_type(&self, aid_type: &AidType) -> bool {
        self.aid_types.matches(aid_type.code.as_str())
    }

    /// Whether the nature accepts a purpose.
    #[must_use]
    pub fn accepts_purpose(&self, purpose: &Purpose) -> bool {
        self.purposes.matches(purpose.code.as_str())
    }

    /// Whether the nature accepts a channel.
    #[must_use]
    pub fn accepts_channel(&self, channel: &Channel) -> bool {
        self.channels.matches_in(channel.code.as_str(), channel.family.as_str())
    }

    /// Whether the nature accepts a recipient.
    #[must_use]
    pub fn accepts_recipient(&self, recipient: &Recipient) -> bool {
        match self.recipient_rule {
            RecipientRule::Country => recipient.kind != RecipientKind::Unspecified,
            RecipientRule::CountryOrUnspecified => true,
            RecipientRule::Unspecified => recipient.kind == RecipientKind::Unspecified,
        }
    }

    /// The codes of a minimal line in a flow year; none when the row is not of that year, or when no
    /// example fits its patterns.
    #[must_use]
    pub fn minimal_line_codes(&self, year: u16) -> Option<LineCodes<'_>> {
        if !self.years.contains(year) {
            return None;
        }
        let example =
            |set: &PatternSet, codes: &[&'static str]| codes.iter().copied().find(|code| set.matches(code));
        Some(LineCodes {
            aid_type: self.aid_type.as_str(),
            purpose: match &self.purpose {
                Some(code) => code.as_str(),
                None => example(&self.purposes, &EXAMPLE_PURPOSES)?,
            },
            recipient: self.recipient.as_ref().map_or(EXAMPLE_RECIPIENT, RecipientCode::as_str),
            channel: match &self.channel {
                Some(code) => code.as_str(),
                None => example(&self.channels, &EXAMPLE_CHANNELS)?,
            },
        })
    }
}

impl Row for Nature {
    fn key(&self) -> &str {
        self.code.as_str()
    }
    fn years(&self) -> Years {
        self.years
    }
}
