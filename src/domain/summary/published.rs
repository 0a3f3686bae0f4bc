//! What the ministry published on a year, beside what a summary finds.

use crate::domain::codes::{CodeLists, Published, PublishedOf, PublishedUnit};
use crate::domain::euros::Euros;
use crate::domain::text::fold;

use super::{Cut, Summary};

/// How many countries are published together.
const TEN: usize = 10;
/// The recipient of what goes to no country in particular.
const UNSPECIFIED: &str = "998";

/// A published figure beside ours, rounded as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside<'c> {
    /// What was published.
    pub published: &'c Published,
    /// Of what it speaks, in French.
    pub name: String,
    /// Ours, in tenths of its unit; nothing of a body that is not among the first ones.
    pub tenths: Option<i64>,
}

impl Beside<'_> {
    /// How much more ours is, in tenths.
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        self.tenths.map(|ours| ours.saturating_sub(self.published.tenths))
    }
}

/// What was published on the year of a national summary, in the order of the table.
#[must_use]
pub fn beside<'c>(summary: &Summary, codes: &'c CodeLists) -> Vec<Beside<'c>> {
    let one = |published: &'c Published| {
        let (name, found) = found(summary, published);
        let tenths = found.and_then(|found| match found {
            Found::Amount(amount) => rounded(amount, published, summary),
            Found::Count(count) => i64::try_from(count).ok()?.checked_mul(10),
        });
        Beside { published, name, tenths }
    };
    codes.published(summary.flow_year.get()).map(one).collect()
}

/// Ours of what a published figure speaks of.
enum Found {
    Amount(Euros),
    Count(u64),
}

/// What it speaks of, and ours.
fn found(summary: &Summary, published: &Published) -> (String, Option<Found>) {
    let class = published.class.as_deref().unwrap_or_default();
    let of_class = |cut: Cut| {
        let rows = summary.table(cut).map(|table| table.rows.as_slice()).unwrap_or_default();
        let row = rows.iter().find(|row| row.class == class);
        let name = row.map_or(class, |row| row.name.as_str());
        let own = row.map(|row| row.now.without_refugees()).unwrap_or_default();
        (format!("{}\u{a0}: {name}", cut.header()), Some(Found::Amount(own)))
    };
    let told = |name: &str, amount: Euros| (name.to_owned(), Some(Found::Amount(amount)));
    let counted = |name: &str, count: u64| (name.to_owned(), Some(Found::Count(count)));
    match published.of {
        PublishedOf::Total => told("Ressources propres", summary.total.own),
        PublishedOf::Refugees => told("Accueil de réfugiés en France", summary.total.refugees),
        PublishedOf::WithoutRefugees => told("Hors aide aux réfugiés", summary.total.without_refugees()),
        PublishedOf::Sahel => told("Pays du Sahel", summary.sahel.without_refugees()),
        PublishedOf::TenCountries => {
            let rows = summary.table(Cut::Recipient).map(|table| table.rows.as_slice()).unwrap_or_default();
            let countries = rows.iter().filter(|row| row.class != UNSPECIFIED);
            told("Dix premiers pays", countries.take(TEN).map(|row| row.now.without_refugees()).sum())
        }
        PublishedOf::Contributor => {
            let key = fold(class);
            let named = summary.contributors.iter().find(|body| fold(&body.name) == key);
            let own = named.map(|body| Found::Amount(body.sum.without_refugees()));
            (format!("Collectivité\u{a0}: {class}"), own)
        }
        PublishedOf::Category => of_class(Cut::Category),
        PublishedOf::Region => of_class(Cut::Region),
        PublishedOf::Zone => of_class(Cut::Zone),
        PublishedOf::Recipient => of_class(Cut::Recipient),
        PublishedOf::Sector => of_class(Cut::Sector),
        PublishedOf::Law => of_class(Cut::Law),
        PublishedOf::Declarants => counted("Collectivités déclarantes", summary.counts.declarants()),
        PublishedOf::Countries => counted("Pays bénéficiaires", summary.countries),
    }
}

/// An amount in tenths of the unit of a figure, rounded half up to as many decimals as were printed.
fn rounded(amount: Euros, published: &Published, summary: &Summary) -> Option<i64> {
    let (part, whole) = match published.unit {
        PublishedUnit::Millions => (i128::from(amount.cents()), 100_000_000),
        PublishedUnit::Count => return None,
        PublishedUnit::Percents => {
            (i128::from(amount.cents()) * 100, i128::from(summary.total.without_refugees().cents()))
        }
    };
    let (steps, step) = if published.has_decimal { (10, 1) } else { (1, 10) };
    let units = (2 * part * steps).checked_add(whole)?.checked_div_euclid(2 * whole)?;
    i64::try_from(units * step).ok()
}
