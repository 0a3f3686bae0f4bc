//! Who benefits: a country on the DAC list of the flow year, a region active then, or 998 (rule 7).

use super::Rule;
use super::french::{did_you_mean, joined, named, when};
use super::line::LineCheck;
use super::lookup::{Found, Listed, find};
use crate::domain::codes::{Nature, Recipient, RecipientKind, RecipientRule};
use crate::domain::field::Field;
use crate::domain::text::excerpt;

const UNSPECIFIED: &str = "998";

impl<'a> LineCheck<'_, 'a> {
    /// The recipient, on the list of the flow year, that the nature takes.
    pub(super) fn recipient(&mut self, nature: Option<&'a Nature>) -> Option<&'a Recipient> {
        let field = Field::Recipient;
        let codes = self.run.codes;
        let year = self.run.year();
        let implied = nature.and_then(|nature| nature.recipient.as_ref()).map(AsRef::as_ref);
        let text = self.given_or_implied(field, nature, |needed| needed.recipient, implied)?;
        let search = |text: &str| codes.find_recipient(text);
        let row = match find(&mut self.run.recipients, text, search, |code| codes.recipients().rows(code)) {
            Found::Row(row) => row,
            Found::Disagree(row) => return self.disagree(field, row),
            Found::Unknown => {
                let search = || did_you_mean(&codes.suggest_recipients(text, year, 3));
                let meant = self.run.hints.of(Rule::RecipientUnknown, text, search);
                let message =
                    format!("«\u{a0}{}\u{a0}» n’est pas un pays de la liste du CAD.", excerpt(text, 60));
                let hint = format!(
                    "{meant}Écrivez le nom français, le code ISO à trois lettres ou le code du CAD, par exemple Mali, MLI ou 255."
                );
                self.add(Rule::RecipientUnknown, field, message, hint);
                return None;
            }
        };
        let Some(row) = codes.recipients().at(row.code(), year) else {
            self.off_the_list(row);
            return None;
        };
        if let Some(nature) = nature.filter(|nature| !nature.accepts_recipient(row)) {
            self.recipient_not_allowed(row, nature);
            return None;
        }
        Some(row)
    }

    fn off_the_list(&mut self, row: &Recipient) {
        let year = self.run.year();
        let spans = joined(self.run.codes.recipients().rows(row.code()).iter().map(|row| row.years));
        if row.kind == RecipientKind::Country {
            let when = when(&spans, year, "ce pays était sur la liste", "ce pays n’est sur la liste que");
            let message = format!(
                "{} ({}) n’est pas sur la liste du CAD pour l’exercice {year}\u{a0}: {when}.",
                row.name_fr, row.code
            );
            let hint = format!(
                "Ce versement n’est pas de l’APD en {year}\u{a0}: corrigez le pays s’il est faux, sinon retirez la ligne."
            );
            self.add(Rule::RecipientNotOnList, Field::Recipient, message, hint);
            return;
        }
        let when = when(&spans, year, "il l’était", "il ne l’est que");
        let message = format!(
            "{} ({}) n’est pas un code régional utilisable pour l’exercice {year}\u{a0}: {when}.",
            row.name_fr, row.code
        );
        let area = self.run.codes.recipients().at(&row.area, year);
        let example = area.map_or_else(String::new, |area| format!(", par exemple {}", named(area)));
        let hint = format!("Indiquez le pays, ou un code régional de {year}{example}.");
        self.add(Rule::RegionNotThatYear, Field::Recipient, message, hint);
    }

    fn recipient_not_allowed(&mut self, row: &Recipient, nature: &Nature) {
        let name = &nature.name_fr;
        if row.kind == RecipientKind::Unspecified {
            let others = self.natures(|nature| nature.recipient_rule != RecipientRule::Country);
            let message = format!("La nature «\u{a0}{name}\u{a0}» demande un pays, et non {}.", named(row));
            let hint = format!(
                "Indiquez le pays, ou un code régional si le projet en couvre plusieurs\u{a0}; {UNSPECIFIED} est réservé aux natures\u{a0}: {others}."
            );
            self.add(Rule::UnspecifiedNotAllowed, Field::Recipient, message, hint);
        } else {
            let message = format!(
                "La nature «\u{a0}{name}\u{a0}» ne se rattache à aucun pays, donc pas à {}.",
                named(row)
            );
            let hint = format!("Laissez ce champ vide\u{a0}: {UNSPECIFIED} (non spécifié) sera retenu.");
            self.add(Rule::UnspecifiedOnly, Field::Recipient, message, hint);
        }
    }
}
