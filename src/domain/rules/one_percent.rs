//! The 1 % schemes: water (2005), energy (2006), waste (2014).

use super::Rule;
use super::line::LineCheck;
use crate::domain::field::Field;
use crate::domain::line::OnePercentLaw;
use crate::domain::text::{excerpt, fold};

/// The law of 7 July 2014 opened the scheme to household waste.
const WASTE_SINCE: u16 = 2014;

impl LineCheck<'_, '_> {
    /// The scheme, and whether the purpose fits it.
    pub(super) fn one_percent_law(&mut self, purpose: Option<&str>) -> Option<OnePercentLaw> {
        let field = Field::OnePercentLaw;
        let text = self.given(field)?;
        if !self.is_single(field, text) {
            return None;
        }
        // `Eau`, `déchets`, `1 % énergie`.
        let word = if text.len() <= 40 { fold(text) } else { String::new() };
        let Some(law) = OnePercentLaw::from_code(word.trim_start_matches(['1', ' '])) else {
            self.add(
                Rule::OnePercentUnknown,
                field,
                format!("«\u{a0}{}\u{a0}» n’est pas un dispositif de 1\u{a0}%.", excerpt(text, 40)),
                "Écrivez eau, dechets ou energie, ou laissez vide.",
            );
            return None;
        };
        let year = self.run.year();
        if law == OnePercentLaw::Waste && year < WASTE_SINCE {
            self.add(
                Rule::WasteBeforeLaw,
                field,
                format!("Le 1\u{a0}% déchets n’existait pas en {year}\u{a0}: il a été créé par la loi du 7\u{a0}juillet\u{a0}2014."),
                "Laissez le dispositif vide pour ce versement.",
            );
            return None;
        }
        if let Some(purpose) = purpose {
            let (fits, rule, expected) = match law {
                OnePercentLaw::Water => (
                    purpose.starts_with("140"),
                    Rule::OnePercentWater,
                    "un secteur 140xx (eau et assainissement)",
                ),
                OnePercentLaw::Waste => {
                    (purpose == "14050", Rule::OnePercentWaste, "le secteur 14050 (traitement des déchets)")
                }
                OnePercentLaw::Energy => {
                    (purpose.starts_with("23"), Rule::OnePercentEnergy, "un secteur 23xxx (énergie)")
                }
            };
            if !fits {
                self.add(
                    rule,
                    field,
                    format!("Le dispositif «\u{a0}{}\u{a0}» va d’ordinaire avec {expected}, et non avec {purpose}.", law.code()),
                    "Vérifiez le secteur et le dispositif\u{a0}; si les deux sont justes, ne changez rien.",
                );
            }
        }
        Some(law)
    }
}
