//! The fields of a line, once: imports, exports, drafts, JSON and error messages all follow this table.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $variant:ident $header:literal $label:literal;)+) => {
        /// A field of a line, by the name under which people fill it in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Field {
            /// Every field, in the order of the import file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const COUNT: usize = Self::ALL.len();

            /// The header of the import and export files, and the key in JSON.
            #[must_use]
            pub const fn header(self) -> &'static str {
                match self { $(Self::$variant => $header),+ }
            }

            /// The French label shown to people.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// What the field holds, for schemas and documentation (English).
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+)),+ }
            }

            /// The field with this exact header.
            #[must_use]
            pub fn from_header(header: &str) -> Option<Self> {
                match header {
                    $($header => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

fields! {
    /// The collectivity's own key of the activity, unique in a declaration (rule 8).
    Reference "reference" "Référence";
    /// Title, public once the campaign is published (rule 15).
    Title "titre" "Titre";
    /// Recipient: ISO alpha-3, DAC code or French name.
    Recipient "pays" "Pays bénéficiaire";
    /// Purpose code, or its French name.
    Purpose "secteur" "Secteur (code-objet)";
    /// Channel code, or its French name.
    Channel "canal" "Canal d’acheminement";
    /// Nature of the expenditure, code or label.
    Nature "nature" "Nature de la dépense";
    /// Type of aid; derived from the nature where empty.
    AidType "type_aide" "Type d’aide";
    /// Amount paid in the flow year, euros.
    AmountPaid "montant_verse" "Montant versé";
    /// Part of the payment not borne by the collectivity's own budget, euros.
    CofinancingReceived "cofinancements_recus" "Cofinancements reçus";
    /// Part of the cofinancing from the State, euros.
    CofinancingState "cofinancement_etat" "dont État";
    /// Part of the cofinancing from other collectivities, euros.
    CofinancingCollectivities "cofinancement_collectivites" "dont collectivités";
    /// Part of the cofinancing from anyone else, euros.
    CofinancingOthers "cofinancement_autres" "dont autres";
    /// Service costs included in the amount paid, euros.
    ServiceCosts "frais_de_service" "dont frais de service";
    /// Amount committed, euros; the amount paid where empty.
    AmountCommitted "montant_engage" "Montant engagé";
    /// Day of payment, in the flow year.
    PaidOn "date_versement" "Date du versement";
    /// Name of the organisation that received the money.
    Organisation "organisme" "Organisme";
    /// SIREN or SIRET of that organisation.
    OrganisationSiren "organisme_siren" "SIREN de l’organisme";
    /// Description, never public (rule 15).
    Description "description" "Description";
    /// Precise place, never public (rule 15).
    Place "zone_precise" "Zone précise";
    /// First day of the project.
    StartsOn "date_debut" "Date de début";
    /// Last day of the project.
    EndsOn "date_fin" "Date de fin";
    /// Scheme of 1 %: `eau`, `dechets`, `energie` or empty.
    OnePercentLaw "loi_1pct" "Dispositif 1 %";
    /// Marker of gender equality, 0 to 2 or empty.
    MarkerGender "marqueur_genre" "Marqueur égalité femmes-hommes";
    /// Marker of environment, 0 to 2 or empty.
    MarkerEnvironment "marqueur_environnement" "Marqueur environnement";
    /// Marker of biodiversity, 0 to 2 or empty.
    MarkerBiodiversity "marqueur_biodiversite" "Marqueur biodiversité";
    /// Marker of climate change mitigation, 0 to 2 or empty.
    MarkerMitigation "marqueur_attenuation" "Marqueur climat\u{a0}: atténuation";
    /// Marker of climate change adaptation, 0 to 2 or empty.
    MarkerAdaptation "marqueur_adaptation" "Marqueur climat\u{a0}: adaptation";
    /// Marker of desertification, 0 to 3 or empty.
    MarkerDesertification "marqueur_desertification" "Marqueur désertification";
    /// Marker of nutrition, 0 to 2 or empty.
    MarkerNutrition "marqueur_nutrition" "Marqueur nutrition";
    /// Marker of inclusion, 0 to 2 or empty.
    MarkerInclusion "marqueur_inclusion" "Marqueur inclusion";
    /// Sustainable development goals or targets, separated by `|`.
    Sdg "odd" "Objectifs de développement durable";
    /// CRS identifier of an earlier year (rule 8).
    CrsProject "projet_crs" "Identifiant CRS";
}

impl Field {
    /// What a small commune must answer; the rest is derived or optional.
    pub const MANDATORY: &'static [Self] =
        &[Self::Title, Self::Recipient, Self::Purpose, Self::Channel, Self::Nature, Self::AmountPaid];

    #[expect(
        clippy::as_conversions,
        reason = "the discriminants of a field-less enum are its positions in ALL"
    )]
    const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.header())
    }
}

/// A line as typed: text by field, nothing checked yet. A draft is a list of them.
///
/// In JSON an object with the headers as keys and strings as values; empty
/// fields are left out, unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawLine {
    cells: [String; Field::COUNT],
}

impl RawLine {
    /// The text of a field, trimmed; empty where not given.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.cells.get(field.index()).map_or("", |cell| cell.trim())
    }

    /// Sets the text of a field.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        if let Some(cell) = self.cells.get_mut(field.index()) {
            *cell = text.into();
        }
    }

    /// The same line with one more field, for building lines in one expression.
    #[must_use]
    pub fn with(mut self, field: Field, text: impl Into<String>) -> Self {
        self.set(field, text);
        self
    }

    /// Whether no field holds anything.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// The fields that hold something, in order.
    pub fn filled(&self) -> impl Iterator<Item = (Field, &str)> {
        Field::ALL.iter().map(|field| (*field, self.get(*field))).filter(|(_, text)| !text.is_empty())
    }
}

impl Serialize for RawLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, text) in self.filled() {
            map.serialize_entry(field.header(), text)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RawLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cells;
        impl<'de> Visitor<'de> for Cells {
            type Value = RawLine;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("une ligne : un objet dont chaque valeur est un texte")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawLine, A::Error> {
                let mut line = RawLine::default();
                while let Some(key) = map.next_key::<String>()? {
                    let field = Field::from_header(&key).ok_or_else(|| {
                        serde::de::Error::custom(format!(
                            "champ inconnu «\u{a0}{}\u{a0}»",
                            crate::domain::text::excerpt(&key, 40)
                        ))
                    })?;
                    line.set(field, map.next_value::<Option<String>>()?.unwrap_or_default());
                }
                Ok(line)
            }
        }
        deserializer.deserialize_map(Cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_header_of_the_import_file() {
        let headers: Vec<&str> = Field::ALL.iter().map(|field| field.header()).collect();
        assert_eq!(headers.len(), 32);
        assert_eq!(headers.first(), Some(&"reference"));
        assert_eq!(headers.last(), Some(&"projet_crs"));
        assert!(Field::ALL.iter().all(|field| Field::from_header(field.header()) == Some(*field)));
    }

    #[test]
    fn json_keeps_what_is_filled_and_refuses_unknown_keys() {
        let line = RawLine::default().with(Field::Title, "École").with(Field::AmountPaid, "12,50");
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(json, r#"{"titre":"École","montant_verse":"12,50"}"#);
        assert_eq!(serde_json::from_str::<RawLine>(&json).unwrap(), line);
        let error = serde_json::from_str::<RawLine>(r#"{"region":"11"}"#).unwrap_err().to_string();
        assert!(error.contains("champ inconnu"), "{error}");
        assert!(serde_json::from_str::<RawLine>(r#"{"montant_verse":12.5}"#).is_err(), "no float");
    }
}
