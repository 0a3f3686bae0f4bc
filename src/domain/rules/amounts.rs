//! The amounts of a line (rule 6).

use super::Rule;
use super::line::LineCheck;
use crate::domain::amount::{AmountError, parse_amount};
use crate::domain::euros::Euros;
use crate::domain::field::Field;
use crate::domain::line::Amounts;

const PARTS: [Field; 3] =
    [Field::CofinancingState, Field::CofinancingCollectivities, Field::CofinancingOthers];

/// Below so many centimes, a whole number of euros may have been meant in thousands.
const THOUSAND_EUROS: i64 = 100_000;

impl LineCheck<'_, '_> {
    /// The amounts, once each is read and all agree.
    pub(super) fn amounts(&mut self) -> Option<Amounts> {
        let paid = self.paid();
        let [state, collectivities, others] = PARTS.map(|field| self.part(field));
        let cofinancing_received = self.cofinancing(paid, [state, collectivities, others]);
        let service_costs = self.part(Field::ServiceCosts);
        if let (Some(paid), Some(costs)) = (paid, service_costs)
            && costs > paid
        {
            self.add(
                Rule::ServiceCostsAbovePaid,
                Field::ServiceCosts,
                format!("Les frais de service ({costs}) dépassent le montant versé ({paid})."),
                "Les frais de service sont compris dans le montant versé\u{a0}: augmentez celui-ci ou réduisez les frais.",
            );
        }
        let committed = self.part(Field::AmountCommitted);
        if let (Some(paid), Some(committed)) = (paid, committed)
            && committed < paid
        {
            self.add(
                Rule::CommittedBelowPaid,
                Field::AmountCommitted,
                format!("Le montant engagé ({committed}) est inférieur au montant versé ({paid})."),
                "Vérifiez les deux montants\u{a0}; laissez l’engagement vide s’il est égal au versement.",
            );
        }
        Some(Amounts {
            paid: paid?,
            cofinancing_received: cofinancing_received?,
            cofinancing_state: state,
            cofinancing_collectivities: collectivities,
            cofinancing_others: others,
            service_costs,
            committed,
        })
    }

    fn paid(&mut self) -> Option<Euros> {
        let field = Field::AmountPaid;
        if self.given(field).is_none() {
            self.missing(field, "Indiquez le montant payé dans l’année, en euros, par exemple 1234,56.");
            return None;
        }
        let paid = self.amount(field)?;
        if paid <= Euros::ZERO {
            self.add(
                Rule::AmountNotPositive,
                field,
                format!("Le montant versé ({paid}) n’est pas supérieur à 0\u{a0}€."),
                "Indiquez ce qui a été payé dans l’année\u{a0}; retirez la ligne si rien ne l’a été.",
            );
            return None;
        }
        if paid.cents() < THOUSAND_EUROS && paid.cents().checked_rem(100) == Some(0) {
            self.add(
                Rule::ThousandsMistake,
                field,
                format!("Le montant versé est de {paid}\u{a0}: est-il bien en euros, et non en milliers d’euros\u{a0}?"),
                "Corrigez-le s’il a été saisi en milliers d’euros\u{a0}; sinon, ne changez rien.",
            );
        }
        Some(paid)
    }

    /// What the others bore: as given, else the sum of its parts, else nothing.
    fn cofinancing(&mut self, paid: Option<Euros>, parts: [Option<Euros>; 3]) -> Option<Euros> {
        let field = Field::CofinancingReceived;
        let given_parts = PARTS.iter().filter(|part| self.given(**part).is_some()).count();
        let parts_are_read = parts.iter().flatten().count() == given_parts;
        let sum = Euros::checked_sum(parts.into_iter().flatten());
        let total = if self.given(field).is_some() {
            let total = self.part(field)?;
            if given_parts > 0 && parts_are_read && sum != Some(total) {
                let sum = sum.unwrap_or(Euros::MAX);
                self.add(
                    Rule::PartsDoNotAddUp,
                    field,
                    format!("Les cofinancements reçus ({total}) ne sont pas la somme de leurs parts ({sum})."),
                    "Corrigez les parts de l’État, des collectivités et des autres pour que leur somme soit le total, ou laissez-les vides.",
                );
                return None;
            }
            total
        } else if parts_are_read {
            sum.unwrap_or(Euros::MAX)
        } else {
            return None;
        };
        let paid = paid?;
        if total > paid {
            self.add(
                Rule::CofinancingAbovePaid,
                field,
                format!("Les cofinancements reçus ({total}) dépassent le montant versé ({paid})."),
                "N’indiquez que la part de ce versement que d’autres ont prise en charge, au plus le montant versé.",
            );
            return None;
        }
        if total == paid {
            self.add(
                Rule::NoOwnResources,
                field,
                "Ce versement est entièrement cofinancé\u{a0}: les ressources propres sont de 0,00\u{a0}€.",
                "La ligne est gardée, mais n’entre pas dans les montants transmis\u{a0}; vérifiez les cofinancements reçus.",
            );
        }
        Some(total)
    }

    /// An optional amount, never negative.
    fn part(&mut self, field: Field) -> Option<Euros> {
        self.given(field)?;
        let amount = self.amount(field)?;
        if amount.is_negative() {
            self.add(
                Rule::NegativeAmount,
                field,
                format!("Le champ «\u{a0}{}\u{a0}» est négatif ({amount}).", field.label()),
                "Indiquez un montant positif ou nul, ou laissez le champ vide.",
            );
            return None;
        }
        Some(amount)
    }

    fn amount(&mut self, field: Field) -> Option<Euros> {
        let error = match parse_amount(self.raw.get(field)) {
            Ok(amount) => return Some(amount),
            Err(error) => error,
        };
        let (rule, message, hint) = match error {
            AmountError::Ambiguous { text, first, second, first_cell, second_cell } => (
                Rule::AmountAmbiguous,
                format!("«\u{a0}{text}\u{a0}» peut se lire {first} ou {second}."),
                format!("Écrivez {first_cell} ou {second_cell}."),
            ),
            AmountError::TooPrecise(text) => (
                Rule::AmountTooPrecise,
                format!("«\u{a0}{text}\u{a0}» a plus de deux décimales."),
                "Arrondissez au centime, par exemple 1234,56.".to_owned(),
            ),
            AmountError::TooLarge(text) => (
                Rule::AmountTooLarge,
                format!("«\u{a0}{text}\u{a0}» dépasse {}.", Euros::MAX),
                "Vérifiez le nombre de chiffres\u{a0}; le montant est en euros.".to_owned(),
            ),
            AmountError::Unreadable(text) => (Rule::AmountUnreadable, unreadable(&text), HOW.to_owned()),
            AmountError::Empty => (Rule::AmountUnreadable, unreadable(""), HOW.to_owned()),
        };
        self.add(rule, field, message, hint);
        None
    }
}

const HOW: &str = "Écrivez seulement des chiffres, une virgule et deux décimales, par exemple 1234,56.";

fn unreadable(text: &str) -> String {
    format!("«\u{a0}{text}\u{a0}» n’est pas un montant.")
}
