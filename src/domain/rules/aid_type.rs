//! In which form: the type of aid of the nature, or another one that it takes (rule 7).

use super::Rule;
use super::codes::leave_empty;
use super::french::{list, named};
use super::line::LineCheck;
use super::lookup::{Found, Listed, find};
use crate::domain::codes::{AidType, Declarable, Nature, declarable_years};
use crate::domain::field::Field;
use crate::domain::text::excerpt;

/// Imputed student costs: reported by the State's universities.
const IMPUTED_STUDENT_COSTS: &str = "E02";

impl<'a> LineCheck<'_, 'a> {
    /// The type of aid, declarable in the flow year, that the nature takes.
    pub(super) fn aid_type(&mut self, nature: Option<&'a Nature>) -> Option<&'a AidType> {
        let field = Field::AidType;
        let codes = self.run.codes;
        let year = self.run.year();
        let text = match self.given(field) {
            Some(text) if !self.is_single(field, text) => return None,
            Some(text) => text,
            None => nature?.aid_type.as_str(),
        };
        let search = |text: &str| codes.find_aid_type(text, year);
        let row = match find(&mut self.run.aid_types, text, search, |code| codes.aid_types().rows(code)) {
            Found::Row(row) => row,
            Found::Disagree(row) => return self.disagree(field, row),
            Found::Unknown => {
                let message = format!("«\u{a0}{}\u{a0}» n’est pas un type d’aide.", excerpt(text, 60));
                self.add(
                    Rule::AidTypeUnknown,
                    field,
                    message,
                    leave_empty(nature.map(|nature| &nature.aid_type)),
                );
                return None;
            }
        };
        if row.code() == IMPUTED_STUDENT_COSTS {
            self.add(
                Rule::ImputedStudentCosts,
                field,
                "Les écolages (E02) ne se déclarent pas ici\u{a0}: les universités les déclarent à l’État.",
                "Pour une bourse, laissez le type d’aide vide ou écrivez E01.",
            );
            return None;
        }
        if !row.is_declarable(year) {
            let parts: Vec<String> = codes
                .aid_types()
                .iter()
                .filter(|part| part.parent.as_ref() == Some(&row.code) && part.is_declarable(year))
                .map(|part| part.code.to_string())
                .collect();
            if parts.is_empty() {
                let years = declarable_years(codes.aid_types(), row.code());
                self.not_that_year(
                    Rule::AidTypeNotThatYear,
                    field,
                    row,
                    &years,
                    leave_empty(nature.map(|nature| &nature.aid_type)),
                );
            } else {
                let message = format!("Le type d’aide {} se divise en {year}.", named(row));
                let hint = format!("Choisissez {}.", list(&parts, "ou"));
                self.add(Rule::AidTypeHeading, field, message, hint);
            }
            return None;
        }
        if let Some(nature) = nature.filter(|nature| !nature.accepts_aid_type(row)) {
            self.not_allowed(
                Rule::AidTypeNotAllowed,
                field,
                row,
                nature,
                leave_empty(Some(&nature.aid_type)),
            );
            return None;
        }
        Some(row)
    }
}
