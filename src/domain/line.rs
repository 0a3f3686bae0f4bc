//! A line of a declaration, checked: one payment, with its codes and its exact amounts.

use crate::domain::codes::{AidTypeCode, BiMulti, ChannelCode, NatureCode, PurposeCode, RecipientCode};
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::field::{Field, RawLine};
use crate::domain::siren::Siren;

/// One declared payment (rules 6 to 8). Built only by `rules::check_lines`, or read back from the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The collectivity's own key, unique in the declaration.
    pub reference: String,
    /// Public title.
    pub title: String,
    /// Who benefits.
    pub recipient: RecipientCode,
    /// What for.
    pub purpose: PurposeCode,
    /// Through whom.
    pub channel: ChannelCode,
    /// What kind of expenditure.
    pub nature: NatureCode,
    /// In which form.
    pub aid_type: AidTypeCode,
    /// Bilateral or multilateral, from the nature.
    pub bi_multi: BiMulti,
    /// The amounts.
    pub amounts: Amounts,
    /// Day of payment, in the flow year (rule 1).
    pub paid_on: Option<Day>,
    /// Who received the money.
    pub organisation: Option<String>,
    /// SIREN of that organisation.
    pub organisation_siren: Option<Siren>,
    /// Never public.
    pub description: Option<String>,
    /// Never public.
    pub place: Option<String>,
    /// First day of the project.
    pub starts_on: Option<Day>,
    /// Last day of the project.
    pub ends_on: Option<Day>,
    /// The 1 % scheme that pays.
    pub one_percent_law: Option<OnePercentLaw>,
    /// Policy markers.
    pub markers: Markers,
    /// Codes of goals and targets.
    pub sdg: Vec<String>,
    /// CRS identifier of an earlier year.
    pub crs_project: Option<String>,
}

/// The amounts of a line (rule 6). `0 <= cofinancing_received <= paid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Paid in the flow year.
    pub paid: Euros,
    /// Of which not borne by the collectivity's own budget.
    pub cofinancing_received: Euros,
    /// Of which by the State.
    pub cofinancing_state: Option<Euros>,
    /// Of which by other collectivities.
    pub cofinancing_collectivities: Option<Euros>,
    /// Of which by anyone else.
    pub cofinancing_others: Option<Euros>,
    /// Service costs included in `paid`.
    pub service_costs: Option<Euros>,
    /// Committed; as much as paid where none.
    pub committed: Option<Euros>,
}

impl Amounts {
    /// What counts and is exported everywhere: paid less the cofinancing received.
    #[must_use]
    pub fn own_resources(&self) -> Euros {
        self.paid.checked_sub(self.cofinancing_received).unwrap_or(Euros::ZERO)
    }
}

/// The schemes that let a service's budget pay up to 1 % (L. 1115-1-1 and L. 1115-2 CGCT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnePercentLaw {
    /// Water and sanitation (Oudin-Santini, 2005).
    Water,
    /// Household waste (2014).
    Waste,
    /// Electricity and gas (2006).
    Energy,
}

impl OnePercentLaw {
    /// Every scheme.
    pub const ALL: [Self; 3] = [Self::Water, Self::Waste, Self::Energy];

    /// The word of the files: `eau`, `dechets`, `energie`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Water => "eau",
            Self::Waste => "dechets",
            Self::Energy => "energie",
        }
    }

    /// The scheme of this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|law| law.code() == code)
    }
}

/// The policy markers of a line, in the order of [`Markers::FIELDS`]; `None` is "not screened", which is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Markers([Option<u8>; 8]);

impl Markers {
    /// The field of each marker.
    pub const FIELDS: [Field; 8] = [
        Field::MarkerGender,
        Field::MarkerEnvironment,
        Field::MarkerBiodiversity,
        Field::MarkerMitigation,
        Field::MarkerAdaptation,
        Field::MarkerDesertification,
        Field::MarkerNutrition,
        Field::MarkerInclusion,
    ];

    /// Markers from their values in the order of [`Self::FIELDS`].
    #[must_use]
    pub const fn new(values: [Option<u8>; 8]) -> Self {
        Self(values)
    }

    /// The values in the order of [`Self::FIELDS`].
    #[must_use]
    pub const fn values(&self) -> [Option<u8>; 8] {
        self.0
    }

    /// The marker of one field; `None` for other fields too.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<u8> {
        let index = Self::FIELDS.iter().position(|marker| *marker == field)?;
        self.0.get(index).copied().flatten()
    }
}

impl Line {
    /// What counts and is exported everywhere.
    #[must_use]
    pub fn own_resources(&self) -> Euros {
        self.amounts.own_resources()
    }

    /// The line as the import file writes it: an export that is imported unchanged gives the same line.
    #[must_use]
    pub fn to_raw(&self) -> RawLine {
        let mut raw = RawLine::default();
        for field in Field::ALL {
            raw.set(*field, self.cell(*field));
        }
        raw
    }

    /// The cell of one field, in the form of the import file.
    #[must_use]
    pub fn cell(&self, field: Field) -> String {
        let euros = |amount: Option<Euros>| amount.map(Euros::to_cell).unwrap_or_default();
        let day = |day: Option<Day>| day.map(Day::to_iso).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let amounts = &self.amounts;
        match field {
            Field::Reference => self.reference.clone(),
            Field::Title => self.title.clone(),
            Field::Recipient => self.recipient.to_string(),
            Field::Purpose => self.purpose.to_string(),
            Field::Channel => self.channel.to_string(),
            Field::Nature => self.nature.to_string(),
            Field::AidType => self.aid_type.to_string(),
            Field::AmountPaid => amounts.paid.to_cell(),
            Field::CofinancingReceived => amounts.cofinancing_received.to_cell(),
            Field::CofinancingState => euros(amounts.cofinancing_state),
            Field::CofinancingCollectivities => euros(amounts.cofinancing_collectivities),
            Field::CofinancingOthers => euros(amounts.cofinancing_others),
            Field::ServiceCosts => euros(amounts.service_costs),
            Field::AmountCommitted => euros(amounts.committed),
            Field::PaidOn => day(self.paid_on),
            Field::Organisation => text(&self.organisation),
            Field::OrganisationSiren => {
                self.organisation_siren.map(|siren| siren.to_string()).unwrap_or_default()
            }
            Field::Description => text(&self.description),
            Field::Place => text(&self.place),
            Field::StartsOn => day(self.starts_on),
            Field::EndsOn => day(self.ends_on),
            Field::OnePercentLaw => {
                self.one_percent_law.map(OnePercentLaw::code).unwrap_or_default().to_owned()
            }
            Field::Sdg => self.sdg.join("|"),
            Field::CrsProject => text(&self.crs_project),
            Field::MarkerGender
            | Field::MarkerEnvironment
            | Field::MarkerBiodiversity
            | Field::MarkerMitigation
            | Field::MarkerAdaptation
            | Field::MarkerDesertification
            | Field::MarkerNutrition
            | Field::MarkerInclusion => {
                self.markers.get(field).map(|value| value.to_string()).unwrap_or_default()
            }
        }
    }
}
