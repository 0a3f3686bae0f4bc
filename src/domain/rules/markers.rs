//! Policy markers and Sustainable Development Goals.

use super::Rule;
use super::line::LineCheck;
use crate::domain::field::Field;
use crate::domain::line::Markers;
use crate::domain::text::excerpt;

impl LineCheck<'_, '_> {
    /// The markers; empty is "not screened", which is not 0.
    pub(super) fn markers(&mut self) -> Markers {
        Markers::new(Markers::FIELDS.map(|field| self.marker(field)))
    }

    fn marker(&mut self, field: Field) -> Option<u8> {
        let text = self.given(field)?;
        let year = self.run.year();
        let code = field.header().strip_prefix("marqueur_").unwrap_or_default();
        let marker = self.run.codes.marker(code);
        let Some(marker) = marker.filter(|marker| marker.years.contains(year)) else {
            let since =
                marker.map_or_else(String::new, |marker| format!(", il n’existe que {}", marker.years));
            self.add(
                Rule::MarkerNotThatYear,
                field,
                format!("Le champ «\u{a0}{}\u{a0}» n’existait pas en {year}{since}.", field.label()),
                "Laissez ce champ vide.",
            );
            return None;
        };
        let value = match text.as_bytes() {
            [digit @ b'0'..=b'9'] => Some(digit.saturating_sub(b'0')).filter(|value| *value <= marker.max),
            _ => None,
        };
        if value.is_none() {
            let most = if marker.max == 3 {
                ", 3 (objectif principal d’un programme d’action contre la désertification)"
            } else {
                ""
            };
            let hint = format!(
                "Écrivez 0 (non visé), 1 (objectif significatif), 2 (objectif principal){most}, ou laissez vide si ce n’est pas examiné."
            );
            self.add(
                Rule::MarkerValue,
                field,
                format!(
                    "«\u{a0}{}\u{a0}» n’est pas une note du champ «\u{a0}{}\u{a0}».",
                    excerpt(text, 30),
                    field.label()
                ),
                hint,
            );
        }
        value
    }

    /// Goals (`6`) and targets (`6.1`) separated by `|`, each once.
    pub(super) fn sdg(&mut self) -> Vec<String> {
        let field = Field::Sdg;
        let Some(text) = self.given(field) else { return Vec::new() };
        let year = self.run.year();
        let mut items: Vec<String> = Vec::new();
        let (mut unknown, mut early) = (None, None);
        for written in text.split('|').map(str::trim).filter(|written| !written.is_empty()) {
            // No code is longer than `17.19`, with `ODD` before it.
            let code = if written.len() <= 12 { written.to_lowercase() } else { String::new() };
            let code = code.trim_start_matches("odd").trim_start();
            match self.run.codes.sdg_item(code) {
                None => unknown = unknown.or(Some(written)),
                Some(item) if !item.years.contains(year) => early = early.or(Some(item)),
                Some(item) if items.iter().any(|own| **own == *item.code) => {}
                Some(item) => items.push(item.code.to_string()),
            }
        }
        if let Some(written) = unknown {
            self.add(
                Rule::SdgUnknown,
                field,
                format!(
                    "«\u{a0}{}\u{a0}» n’est ni un objectif de développement durable, ni une cible.",
                    excerpt(written, 30)
                ),
                "Écrivez un objectif de 1 à 17 ou une cible comme 6.1 (avec un point)\u{a0}; séparez-les par «\u{a0}|\u{a0}».",
            );
        }
        if let Some(item) = early {
            self.add(
                Rule::SdgNotThatYear,
                field,
                format!(
                    "L’objectif ou la cible {} n’existait pas en {year}, il n’existe que {}.",
                    item.code, item.years
                ),
                "Laissez ce champ vide.",
            );
        }
        items
    }
}
