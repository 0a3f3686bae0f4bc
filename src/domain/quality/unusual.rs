//! Amounts that stand out: a line far above the others of its nature, a country that came or went.

use std::collections::BTreeMap;

use crate::domain::codes::RecipientCode;
use crate::domain::euros::Euros;
use crate::domain::line::Line;
use crate::domain::siren::Siren;

/// A line this many times above the median of its nature is looked at.
const FACTOR: i64 = 20;
/// Below 100,000 euros none is.
const LEAST_CENTS: i64 = 10_000_000;
/// Fewer lines than this of a nature have no usual amount.
const FEWEST: usize = 20;

/// A line that may stand out.
struct Large {
    siren: Siren,
    reference: String,
    cents: i64,
}

/// Own resources by body and country, and the amounts of each nature.
#[derive(Default)]
pub struct Amounts {
    by_nature: BTreeMap<String, (Vec<i64>, Vec<Large>)>,
    by_country: BTreeMap<(Siren, RecipientCode), i64>,
}

impl Amounts {
    /// Keeps a line.
    pub fn add(&mut self, siren: Siren, line: &Line) {
        let cents = line.amounts.own_resources().cents();
        let (all, large) = self.by_nature.entry(line.nature.as_str().to_owned()).or_default();
        all.push(cents);
        if cents >= LEAST_CENTS {
            large.push(Large { siren, reference: line.reference.clone(), cents });
        }
        let country = self.by_country.entry((siren, line.recipient.clone())).or_default();
        *country = country.saturating_add(cents);
    }

    /// The lines far above the others of their nature: whose, which, their amount and the median.
    #[must_use]
    pub fn large(&mut self) -> Vec<(Siren, String, Euros, Euros)> {
        let mut found = Vec::new();
        for (all, large) in self.by_nature.values_mut() {
            if all.len() < FEWEST {
                continue;
            }
            all.sort_unstable();
            // The lower of the two in the middle.
            let Some(median) = all.get(all.len().saturating_sub(1) / 2).copied() else { continue };
            for line in large.iter().filter(|line| line.cents >= median.saturating_mul(FACTOR)) {
                if let (Ok(own), Ok(median)) = (Euros::from_cents(line.cents), Euros::from_cents(median)) {
                    found.push((line.siren, line.reference.clone(), own, median));
                }
            }
        }
        found
    }

    /// What each body paid to each country, centimes.
    #[must_use]
    pub const fn by_country(&self) -> &BTreeMap<(Siren, RecipientCode), i64> {
        &self.by_country
    }
}
