//! What is public of a declaration, once its campaign is published (rule 15).

mod titles;

pub use titles::{Hint, PublicTitles, Replaced, hints, title_sha256};

use crate::domain::field::Field;
use crate::domain::line::Line;

/// The public fields of a line, besides its own resources. Amounts of partners,
/// description and precise place are never public.
pub const PUBLIC_FIELDS: &[Field] = &[
    Field::Title,
    Field::Recipient,
    Field::Purpose,
    Field::Channel,
    Field::Nature,
    Field::AidType,
    Field::PaidOn,
    Field::Organisation,
    Field::OrganisationSiren,
    Field::StartsOn,
    Field::EndsOn,
    Field::OnePercentLaw,
    Field::MarkerGender,
    Field::MarkerEnvironment,
    Field::MarkerBiodiversity,
    Field::MarkerMitigation,
    Field::MarkerAdaptation,
    Field::MarkerDesertification,
    Field::MarkerNutrition,
    Field::MarkerInclusion,
    Field::Sdg,
];

/// The natures whose organisation is never public: it would say who was helped.
pub const NEVER_NAMED: [&str; 2] = ["bourses", "refugies"];

/// Whether the organisation of a line is public.
#[must_use]
pub fn is_named(line: &Line) -> bool {
    !NEVER_NAMED.contains(&line.nature.as_str())
}

/// The public fields of a line that hold something, with their text.
pub fn public_cells(line: &Line) -> impl Iterator<Item = (Field, String)> {
    let named = is_named(line);
    let shown =
        move |field: &Field| named || !matches!(field, Field::Organisation | Field::OrganisationSiren);
    let cells = PUBLIC_FIELDS.iter().copied().filter(move |field| shown(field));
    cells.map(|field| (field, line.cell(field))).filter(|(_, text)| !text.is_empty())
}

/// What can be said in public about a body and a flow year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicStatus {
    /// Its campaign is not published: nothing is said, not even whether it declared.
    NotPublished,
    /// The body did not exist.
    DidNotExist,
    /// Amounts are on file.
    Declared,
    /// It declared that it paid nothing.
    Nil,
    /// It was expected and did not declare.
    NotDeclared,
    /// Nothing is on file, and nothing was expected.
    Nothing,
    /// An amount declared before this service.
    PastAmount,
    /// "Nothing", declared before this service.
    PastNil,
}

impl PublicStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::NotPublished,
        Self::DidNotExist,
        Self::Declared,
        Self::Nil,
        Self::NotDeclared,
        Self::Nothing,
        Self::PastAmount,
        Self::PastNil,
    ];

    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPublished => "annee_non_publiee",
            Self::DidNotExist => "n_existait_pas",
            Self::Declared => "a_declare",
            Self::Nil => "a_declare_neant",
            Self::NotDeclared => "n_a_pas_declare",
            Self::Nothing => "sans_donnee",
            Self::PastAmount => "montant_anterieur",
            Self::PastNil => "neant_anterieur",
        }
    }

    /// In words, where there is no amount to show.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotPublished => "année non publiée",
            Self::DidNotExist => "n’existait pas",
            Self::Declared => "a déclaré",
            Self::Nil => "a déclaré n’avoir rien versé",
            Self::NotDeclared => "n’a pas déclaré",
            Self::Nothing => "aucune donnée",
            Self::PastAmount => "a déclaré avant l’ouverture du service",
            Self::PastNil => "a déclaré n’avoir rien versé, avant l’ouverture du service",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_to_itself_what_rule_15_withholds() {
        for field in [
            Field::Description,
            Field::Place,
            Field::Reference,
            Field::AmountPaid,
            Field::CofinancingReceived,
            Field::ServiceCosts,
            Field::AmountCommitted,
            Field::CrsProject,
        ] {
            assert!(!PUBLIC_FIELDS.contains(&field), "{field}");
        }
    }
}
