//! The dates of a line (rule 1).

use super::Rule;
use super::line::LineCheck;
use crate::domain::day::Day;
use crate::domain::field::Field;
use crate::domain::text::excerpt;

/// The three dates of a line, all optional.
#[expect(clippy::struct_field_names, reason = "the names of the fields of a line")]
pub(super) struct Dates {
    pub(super) paid_on: Option<Day>,
    pub(super) starts_on: Option<Day>,
    pub(super) ends_on: Option<Day>,
}

impl LineCheck<'_, '_> {
    /// The dates, the payment in the flow year and the project's in order.
    pub(super) fn dates(&mut self) -> Dates {
        let year = self.run.flow_year;
        let dates = Dates {
            paid_on: self.day(Field::PaidOn),
            starts_on: self.day(Field::StartsOn),
            ends_on: self.day(Field::EndsOn),
        };
        if let Some(day) = dates.paid_on.filter(|day| !year.contains(*day)) {
            self.add(
                Rule::PaidOutsideYear,
                Field::PaidOn,
                format!("Le versement du {} n’est pas de l’exercice {year}.", day.to_long()),
                format!(
                    "Indiquez une date du 1er\u{a0}janvier au 31\u{a0}décembre\u{a0}{year}, ou déclarez ce versement avec l’année où il a été payé."
                ),
            );
        }
        match (dates.starts_on, dates.ends_on) {
            (Some(start), Some(end)) if end < start => self.add(
                Rule::EndsBeforeStart,
                Field::EndsOn,
                format!("Le projet finit le {}, avant de commencer le {}.", end.to_long(), start.to_long()),
                "Corrigez l’une des deux dates, ou laissez vide celle que vous ne connaissez pas.",
            ),
            (_, Some(end)) if end < year.first_day() => self.add(
                Rule::EndedBeforeYear,
                Field::EndsOn,
                format!("Le projet a fini le {}, avant l’exercice {year}.", end.to_long()),
                "Vérifiez la date de fin\u{a0}; un solde payé après la fin du projet est bien à déclarer.",
            ),
            _ => {}
        }
        dates
    }

    fn day(&mut self, field: Field) -> Option<Day> {
        let text = self.given(field)?;
        let day = text.parse().ok();
        if day.is_none() {
            self.add(
                Rule::DateUnreadable,
                field,
                format!("«\u{a0}{}\u{a0}» n’est pas une date.", excerpt(text, 30)),
                "Écrivez JJ/MM/AAAA ou AAAA-MM-JJ, avec un jour qui existe.",
            );
        }
        day
    }
}
