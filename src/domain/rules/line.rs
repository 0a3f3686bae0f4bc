//! Checks one line, all its fields.

use super::check::Run;
use super::{Rule, Severity};
use crate::domain::field::{Field, RawLine};
use crate::domain::line::Line;
use crate::domain::text::excerpt;

/// The check of one line. The readers of its fields are in the modules beside; each reports what is wrong
/// with its own field and gives nothing then, so that no fault is told twice.
pub(super) struct LineCheck<'c, 'a> {
    pub(super) run: &'c mut Run<'a>,
    pub(super) raw: &'a RawLine,
    index: usize,
    errors: usize,
}

impl<'c, 'a> LineCheck<'c, 'a> {
    pub(super) fn new(run: &'c mut Run<'a>, index: usize, raw: &'a RawLine) -> Self {
        Self { run, raw, index, errors: 0 }
    }

    /// The line, unless one of its fields is at fault.
    pub(super) fn check(mut self, reference: String) -> Option<Line> {
        self.length(Field::Reference, &reference, 40);
        self.control_characters(Field::Reference, &reference);
        let title = self.title();
        let codes = self.codes();
        let amounts = self.amounts();
        let dates = self.dates();
        let organisation = self.text(Field::Organisation, 150);
        let organisation_siren = self.organisation_siren();
        let description = self.long_text(Field::Description, 20_000);
        let place = self.text(Field::Place, 100);
        let purpose = codes.purpose.map(|purpose| purpose.code.as_str());
        let one_percent_law = self.one_percent_law(purpose);
        let markers = self.markers();
        let sdg = self.sdg();
        let crs_project = self.crs_project();
        if self.errors > 0 {
            return None;
        }
        let nature = codes.nature?;
        Some(Line {
            reference,
            title: title?,
            recipient: codes.recipient?.code.clone(),
            purpose: codes.purpose?.code.clone(),
            channel: codes.channel?.code.clone(),
            nature: nature.code.clone(),
            aid_type: codes.aid_type?.code.clone(),
            bi_multi: nature.bi_multi,
            amounts: amounts?,
            paid_on: dates.paid_on,
            organisation,
            organisation_siren,
            description,
            place,
            starts_on: dates.starts_on,
            ends_on: dates.ends_on,
            one_percent_law,
            markers,
            sdg,
            crs_project,
        })
    }

    /// The text of a field, trimmed; none when empty.
    pub(super) fn given(&self, field: Field) -> Option<&'a str> {
        Some(self.raw.get(field)).filter(|text| !text.is_empty())
    }

    /// Reports a fault of a field.
    pub(super) fn add(
        &mut self,
        rule: Rule,
        field: Field,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if rule.severity() == Severity::Error {
            self.errors = self.errors.saturating_add(1);
        }
        self.run.add(rule, (self.index, Some(field)), self.raw.get(field), message, hint);
    }

    /// Reports a mandatory field that is empty.
    pub(super) fn missing(&mut self, field: Field, hint: impl Into<String>) {
        let message =
            format!("Le champ «\u{a0}{}\u{a0}» est vide alors qu’il est obligatoire.", field.label());
        self.add(Rule::MissingField, field, message, hint);
    }

    /// Refuses several values in a field that takes one, whatever they are.
    pub(super) fn is_single(&mut self, field: Field, text: &str) -> bool {
        let single = !text.contains('|');
        if !single {
            let message = format!(
                "Le champ «\u{a0}{}\u{a0}» porte plusieurs valeurs\u{a0}: «\u{a0}{}\u{a0}».",
                field.label(),
                excerpt(text, 60)
            );
            self.add(
                Rule::SeveralValues,
                field,
                message,
                "Gardez la valeur la plus importante, ou faites une ligne par valeur en répartissant le montant.",
            );
        }
        single
    }
}
