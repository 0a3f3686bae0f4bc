//! The nature of a line, and the codes that are given or that it implies (rule 7).

use super::Rule;
use super::french::{did_you_mean, joined, list, named, when};
use super::line::LineCheck;
use super::lookup::{Found, Listed, find};
use crate::domain::codes::{AidType, Channel, Mandatory, Nature, Purpose, Recipient, Years};
use crate::domain::field::Field;
use crate::domain::text::excerpt;

/// The codes of a line; each is none where it is at fault or missing.
pub(super) struct LineCodes<'a> {
    pub(super) nature: Option<&'a Nature>,
    pub(super) aid_type: Option<&'a AidType>,
    pub(super) recipient: Option<&'a Recipient>,
    pub(super) purpose: Option<&'a Purpose>,
    pub(super) channel: Option<&'a Channel>,
}

impl<'a> LineCheck<'_, 'a> {
    /// The codes. Without a nature, those given are still looked up, and nothing else is asked of them.
    pub(super) fn codes(&mut self) -> LineCodes<'a> {
        let nature = self.nature();
        let aid_type = self.aid_type(nature);
        LineCodes {
            nature,
            aid_type,
            recipient: self.recipient(nature),
            purpose: self.purpose(nature, aid_type),
            channel: self.channel(nature, aid_type),
        }
    }

    fn nature(&mut self) -> Option<&'a Nature> {
        let field = Field::Nature;
        let codes = self.run.codes;
        let year = self.run.year();
        let Some(text) = self.given(field) else {
            self.missing(field, format!("Indiquez l’une des natures\u{a0}: {}.", self.natures(|_| true)));
            return None;
        };
        if !self.is_single(field, text) {
            return None;
        }
        let search = |text: &str| codes.find_nature(text, year);
        match find(&mut self.run.natures, text, search, |code| codes.natures().rows(code)) {
            Found::Row(nature) => Some(nature),
            Found::Disagree(nature) => self.disagree(field, nature),
            Found::Unknown => {
                let search = || did_you_mean(&codes.suggest_natures(text, year, 3));
                let meant = self.run.hints.of(Rule::NatureUnknown, text, search);
                let message = format!("«\u{a0}{}\u{a0}» n’est pas une nature de dépense.", excerpt(text, 60));
                let hint = format!("{meant}Indiquez l’une des natures\u{a0}: {}.", self.natures(|_| true));
                self.add(Rule::NatureUnknown, field, message, hint);
                None
            }
        }
    }

    /// The text of a field, else what the nature implies; a field that the nature needs is told missing.
    pub(super) fn given_or_implied(
        &mut self,
        field: Field,
        nature: Option<&'a Nature>,
        needs: impl Fn(&Mandatory) -> bool,
        implied: Option<&'a str>,
    ) -> Option<&'a str> {
        if let Some(text) = self.given(field) {
            return self.is_single(field, text).then_some(text);
        }
        let nature = nature?;
        if needs(&nature.mandatory) || implied.is_none() {
            let name = &nature.name_fr;
            self.missing(
                field,
                format!("Renseignez-le\u{a0}: la nature «\u{a0}{name}\u{a0}» ne permet pas de le déduire."),
            );
            return None;
        }
        implied
    }

    /// Reports a code that is given with another's name.
    pub(super) fn disagree<T: Listed, R>(&mut self, field: Field, row: &T) -> Option<R> {
        let text = self.raw.get(field);
        self.add(
            Rule::CodeAndNameDisagree,
            field,
            format!(
                "Dans «\u{a0}{}\u{a0}», le code est celui de {}, le nom est autre.",
                excerpt(text, 80),
                named(row)
            ),
            format!(
                "Écrivez seulement le code ({}) ou seulement le nom, selon ce que vous voulez dire.",
                row.code()
            ),
        );
        None
    }

    /// Reports a code that may not be declared for the flow year.
    pub(super) fn not_that_year<T: Listed>(
        &mut self,
        rule: Rule,
        field: Field,
        row: &T,
        years: &[Years],
        hint: String,
    ) {
        let year = self.run.year();
        let when = when(&joined(years.iter().copied()), year, "il l’était", "il ne l’est que");
        let message =
            format!("Le code {} n’est pas utilisable pour l’exercice {year}\u{a0}: {when}.", named(row));
        self.add(rule, field, message, hint);
    }

    /// Reports a code that does not go with the nature.
    pub(super) fn not_allowed<T: Listed>(
        &mut self,
        rule: Rule,
        field: Field,
        row: &T,
        nature: &Nature,
        hint: String,
    ) {
        let message =
            format!("Le code {} ne va pas avec la nature «\u{a0}{}\u{a0}».", named(row), nature.name_fr);
        self.add(rule, field, message, hint);
    }

    /// The natures of the flow year that take what `takes` asks, by name.
    pub(super) fn natures(&self, takes: impl Fn(&Nature) -> bool) -> String {
        let year = self.run.year();
        let names: Vec<String> = self
            .run
            .codes
            .natures()
            .iter()
            .filter(|nature| nature.years.contains(year) && takes(nature))
            .map(|nature| format!("«\u{a0}{}\u{a0}»", nature.name_fr))
            .collect();
        list(&names, "ou")
    }
}

/// The hint for a field that the nature fills by itself.
pub(super) fn leave_empty<C: std::fmt::Display>(implied: Option<&C>) -> String {
    match implied {
        Some(code) => format!("Laissez ce champ vide\u{a0}: {code} sera retenu."),
        None => "Laissez ce champ vide\u{a0}: il sera déduit de la nature.".to_owned(),
    }
}
