//! Through whom: a channel, declarable in the flow year (rule 7).

use super::Rule;
use super::french::{did_you_mean, list, named};
use super::line::LineCheck;
use super::lookup::{Found, Listed, find};
use crate::domain::codes::{AidType, Channel, CodeLists, Declarable, Nature, declarable_years};
use crate::domain::field::Field;
use crate::domain::text::excerpt;

/// The channels that a type of aid imposes (CRS directives), whatever the nature.
struct Imposed {
    rule: Rule,
    /// Of the code of the channel's family.
    beginning: &'static str,
    what: &'static str,
    example: &'static str,
}

fn imposed(aid_type: &str) -> Option<Imposed> {
    match aid_type {
        "B01" => Some(Imposed {
            rule: Rule::CoreSupportChannel,
            beginning: "2",
            what: "association ou une ONG",
            example: "2xxxx, par exemple 22000",
        }),
        "B02" | "B021" | "B022" => Some(Imposed {
            rule: Rule::MultilateralChannel,
            beginning: "4",
            what: "organisation multilatérale",
            example: "4xxxx, par exemple 41122 pour l’UNICEF",
        }),
        _ => None,
    }
}

impl<'a> LineCheck<'_, 'a> {
    /// The channel, declarable in the flow year, that the type of aid and the nature take.
    pub(super) fn channel(
        &mut self,
        nature: Option<&'a Nature>,
        aid_type: Option<&'a AidType>,
    ) -> Option<&'a Channel> {
        let field = Field::Channel;
        let codes = self.run.codes;
        let year = self.run.year();
        let default = nature.and_then(|nature| nature.channel.as_ref());
        let text =
            self.given_or_implied(field, nature, |needed| needed.channel, default.map(AsRef::as_ref))?;
        let search = |text: &str| codes.find_channel(text, year);
        let row = match find(&mut self.run.channels, text, search, |code| codes.channels().rows(code)) {
            Found::Row(row) => row,
            Found::Disagree(row) => return self.disagree(field, row),
            Found::Unknown => {
                let search = || did_you_mean(&codes.suggest_channels(text, year, 3));
                let meant = self.run.hints.of(Rule::ChannelUnknown, text, search);
                let message =
                    format!("«\u{a0}{}\u{a0}» n’est pas un canal d’acheminement.", excerpt(text, 60));
                let hint = format!(
                    "{meant}Écrivez le code à 5 chiffres ou le nom, par exemple 22000 pour une association française."
                );
                self.add(Rule::ChannelUnknown, field, message, hint);
                return None;
            }
        };
        if !row.is_declarable(year) {
            let years = declarable_years(codes.channels(), row.code());
            let rule = if years.is_empty() { Rule::ChannelHeading } else { Rule::ChannelNotThatYear };
            let parts = self.run.hints.of(rule, row.code(), || near(codes, row, year));
            if years.is_empty() {
                let message = format!("Le canal {} est une tête de rubrique.", named(row));
                let hint = format!("Choisissez un canal précis de cette rubrique{parts}.");
                self.add(rule, field, message, hint);
            } else {
                let hint = format!("Choisissez un canal de {year}{parts}.");
                self.not_that_year(rule, field, row, &years, hint);
            }
            return None;
        }
        let aid = aid_type.map_or("", |row| row.code.as_str());
        if let Some(imposed) = imposed(aid).filter(|own| !row.family.as_str().starts_with(own.beginning)) {
            let message = format!(
                "Le type d’aide {aid} ne va pas avec le canal {}, qui n’est pas une {}.",
                named(row),
                imposed.what
            );
            let hint = format!(
                "Choisissez une {} ({}), ou une autre nature de dépense.",
                imposed.what, imposed.example
            );
            self.add(imposed.rule, field, message, hint);
            return None;
        }
        if let Some(nature) = nature.filter(|nature| !nature.accepts_channel(row)) {
            let others = self.natures(|nature| nature.accepts_channel(row));
            let hint = match &nature.channel {
                Some(implied) => format!(
                    "Ce canal va avec la nature {others}\u{a0}; sinon, laissez ce champ vide\u{a0}: {implied} sera retenu."
                ),
                None => format!("Ce canal va avec la nature {others}."),
            };
            self.not_allowed(Rule::ChannelNotAllowed, field, row, nature, hint);
            return None;
        }
        Some(row)
    }
}

/// `, par exemple « … » (…)`: channels under a heading that may be declared, else the heading above.
fn near(codes: &CodeLists, row: &Channel, year: u16) -> String {
    let parts = codes.channels().iter().filter(|part| part.parent.as_ref() == Some(&row.code));
    let above = row.parent.iter().filter_map(|parent| codes.channels().at(parent.as_str(), year));
    let names: Vec<String> =
        parts.chain(above).filter(|row| row.is_declarable(year)).take(3).map(named).collect();
    if names.is_empty() { String::new() } else { format!(", par exemple {}", list(&names, "ou")) }
}
