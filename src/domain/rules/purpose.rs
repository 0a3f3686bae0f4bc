//! What for: a five-digit purpose code, declarable in the flow year (rule 7).

use super::Rule;
use super::codes::leave_empty;
use super::french::{did_you_mean, list, named};
use super::line::LineCheck;
use super::lookup::{Found, Listed, find, leading_code};
use crate::domain::codes::{
    AidType, CodeLists, Declarable, Nature, Purpose, PurposeCategory, declarable_years,
};
use crate::domain::field::Field;
use crate::domain::text::excerpt;

/// Sector not specified: "I do not know", for a nature that leads to no sector.
pub const UNSPECIFIED: &str = "99810";

/// The purposes that a type of aid imposes (CRS directives), whatever the nature.
fn imposed(aid_type: &str) -> Option<(Rule, &'static str, &'static str)> {
    match aid_type {
        "H01" => Some((Rule::AwarenessPurpose, "99820", "99820 (sensibilisation au développement)")),
        "H02" | "H03" | "H04" | "H05" | "H06" => {
            Some((Rule::RefugeePurpose, "930", "930xx (réfugiés dans le pays donneur), d’ordinaire 93010"))
        }
        "G01" => Some((Rule::AdministrationPurpose, "91010", "91010 (frais administratifs)")),
        _ => None,
    }
}

impl<'a> LineCheck<'_, 'a> {
    /// The purpose, declarable in the flow year, that the type of aid and the nature take.
    pub(super) fn purpose(
        &mut self,
        nature: Option<&'a Nature>,
        aid_type: Option<&'a AidType>,
    ) -> Option<&'a Purpose> {
        let field = Field::Purpose;
        let codes = self.run.codes;
        let year = self.run.year();
        let implied = nature.and_then(|nature| nature.purpose.as_ref()).map(AsRef::as_ref);
        let text = self.given_or_implied(field, nature, |needed| needed.purpose, implied)?;
        let search = |text: &str| codes.find_purpose(text, year);
        let row = match find(&mut self.run.purposes, text, search, |code| codes.purposes().rows(code)) {
            Found::Row(row) => row,
            Found::Disagree(row) => return self.disagree(field, row),
            Found::Unknown => {
                self.purpose_unknown(text);
                return None;
            }
        };
        if !row.is_declarable(year) {
            let years = declarable_years(codes.purposes(), row.code());
            let search = || examples(codes, &row.category, year);
            let found = self.run.hints.of(Rule::PurposeNotThatYear, row.code(), search);
            let hint = format!("Choisissez un code-objet de {year}{found}.");
            self.not_that_year(Rule::PurposeNotThatYear, field, row, &years, hint);
            return None;
        }
        let aid = aid_type.map_or("", |row| row.code.as_str());
        if let Some((rule, _, expected)) = imposed(aid).filter(|(_, code, _)| !row.code().starts_with(code)) {
            let message = format!("Le type d’aide {aid} ne va pas avec le secteur {}.", named(row));
            let hint = match implied {
                Some(code) => format!("Laissez le secteur vide\u{a0}: {code} sera retenu."),
                None => format!("Indiquez {expected}."),
            };
            self.add(rule, field, message, hint);
            return None;
        }
        if let Some(nature) = nature.filter(|nature| !nature.accepts_purpose(row)) {
            let others = self.natures(|nature| nature.accepts_purpose(row));
            let hint = match (&nature.purpose, others.is_empty()) {
                (Some(code), false) => {
                    format!(
                        "Ce secteur va avec la nature {others}\u{a0}; sinon, laissez ce champ vide\u{a0}: {code} sera retenu."
                    )
                }
                (Some(_), true) => leave_empty(nature.purpose.as_ref()),
                (None, false) => format!("Ce secteur va avec la nature {others}."),
                (None, true) => "Ce secteur ne se déclare pas ici\u{a0}: choisissez-en un autre.".to_owned(),
            };
            self.not_allowed(Rule::PurposeNotAllowed, field, row, nature, hint);
            return None;
        }
        // Where the nature itself leads to it, there is nothing to be said.
        if row.code() == UNSPECIFIED && implied != Some(UNSPECIFIED) {
            self.add(
                Rule::PurposeToBeSaid,
                field,
                "Le secteur n’est pas précisé\u{a0}: le ministère pourra vous demander de quoi il s’agit.",
                "Choisissez un thème si vous le connaissez\u{a0}; sinon, vous pouvez déposer ainsi.",
            );
        }
        Some(row)
    }

    /// The category that a text names: three digits, with or without its name, or the name alone.
    fn category(&self, text: &str) -> Option<&'a PurposeCategory> {
        let code = leading_code(text);
        if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.run.codes.purpose_category(code);
        }
        self.run.category(text)
    }

    /// Not a purpose: a three-digit sector, or something else.
    fn purpose_unknown(&mut self, text: &'a str) {
        let field = Field::Purpose;
        let codes = self.run.codes;
        let year = self.run.year();
        if let Some(category) = self.category(text) {
            let search = || examples(codes, &category.code, year);
            let found = self.run.hints.of(Rule::PurposeTooCoarse, &category.code, search);
            let message = format!(
                "«\u{a0}{}\u{a0}» ({}) est un secteur à trois chiffres, trop large.",
                category.name_fr, category.code
            );
            let hint = format!("Choisissez un code-objet à cinq chiffres{found}.");
            self.add(Rule::PurposeTooCoarse, field, message, hint);
            return;
        }
        let search = || {
            let meant = did_you_mean(&codes.suggest_purposes(text, year, 3));
            match leading_code(text).get(..3).and_then(|code| codes.purpose_category(code)) {
                Some(category) if meant.is_empty() => {
                    format!("Voyez le secteur {}{}. ", category.code, examples(codes, &category.code, year))
                }
                _ => meant,
            }
        };
        let found = self.run.hints.of(Rule::PurposeUnknown, text, search);
        let message = format!("«\u{a0}{}\u{a0}» n’est pas un code-objet.", excerpt(text, 60));
        let hint = format!("{found}Écrivez le code à cinq chiffres ou le nom, par exemple 14030.");
        self.add(Rule::PurposeUnknown, field, message, hint);
    }
}

/// `, par exemple « … » (…)`: declarable purposes of a category or of its parts.
fn examples(codes: &CodeLists, category: &str, year: u16) -> String {
    let belongs = |own: &str| {
        own == category || codes.purpose_category(own).and_then(|own| own.parent.as_deref()) == Some(category)
    };
    let names: Vec<String> = codes
        .purposes()
        .iter()
        .filter(|purpose| purpose.is_declarable(year) && !purpose.voluntary && belongs(&purpose.category))
        .take(3)
        .map(named)
        .collect();
    if names.is_empty() { String::new() } else { format!(", par exemple {}", list(&names, "ou")) }
}
