//! Who declares: every body of the register, with its means and its place in the
//! order in which the country comes to the service.

use rand::{Rng, RngExt};

use crate::domain::collectivity::{Collectivity, CollectivityKind};
use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::demo::scale::draw::{key, per_mille, source};

/// A body that may declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declarant {
    /// Who.
    pub siren: Siren,
    /// First day, where known.
    pub from: Option<Day>,
    /// Last day, where it ended.
    pub until: Option<Day>,
    /// Lines in a year in which the whole country declares.
    pub lines: u32,
    /// Usual amount of a line, centimes.
    pub usual_cents: i64,
    /// When it comes to the service: the smaller, the sooner.
    place: u64,
}

/// What bodies of a kind spend, and how soon they come.
struct Means {
    fewest: u32,
    most: u32,
    usual_euros: i64,
    /// Of a thousand: small where the kind comes early.
    late: u64,
}

const fn means(fewest: u32, most: u32, usual_euros: i64, late: u64) -> Means {
    Means { fewest, most, usual_euros, late }
}

/// Few very large ones and many small: a region pays for a thousand actions, a
/// village for one or two.
fn means_of(body: &Collectivity) -> Means {
    use CollectivityKind as Kind;
    let population = body.population.unwrap_or(0);
    match body.kind {
        Kind::Region | Kind::Ctu => means(900, 1_700, 22_000, 120),
        Kind::Departement => means(300, 1_400, 14_000, 150),
        Kind::Metropole | Kind::Cu => means(200, 1_100, 16_000, 150),
        Kind::Commune if population > 100_000 => means(250, 1_200, 12_000, 150),
        Kind::Commune if population > 20_000 => means(40, 300, 5_000, 400),
        Kind::Ca | Kind::Ept => means(40, 300, 6_000, 450),
        Kind::Commune if population > 10_000 => means(15, 120, 3_000, 600),
        Kind::Cc | Kind::Syndicat | Kind::Com | Kind::Other => means(12, 110, 3_000, 700),
        Kind::Commune => means(1, 12, 700, 1_000),
    }
}

impl Declarant {
    /// A body of the register as one; none where it has no SIREN.
    pub fn new(seed: u64, body: &Collectivity) -> Option<Self> {
        let siren = body.siren?;
        let means = means_of(body);
        let mut rng = source(seed, &[0, key(siren)]);
        Some(Self {
            siren,
            from: body.exists_from,
            until: body.exists_until,
            lines: means.draw(&mut rng),
            usual_cents: means.usual_euros * 100,
            place: rng.random_range(0..1_000_000_000_u64).saturating_mul(means.late),
        })
    }

    /// The same body, one of the first to come.
    #[must_use]
    pub const fn early(self) -> Self {
        Self { place: self.place / 8, ..self }
    }

    /// Whether it has something to declare for a year, or nothing.
    fn existed_in(&self, year: FlowYear) -> bool {
        self.from.is_none_or(|from| from <= year.last_day())
            && self.until.is_none_or(|until| until >= year.first_day())
    }
}

impl Means {
    /// The smaller of two draws: in each kind, most are small too.
    fn draw(&self, rng: &mut impl Rng) -> u32 {
        rng.random_range(self.fewest..=self.most).min(rng.random_range(self.fewest..=self.most))
    }
}

/// Puts the bodies in the order in which they come to the service.
pub fn order(mut declarants: Vec<Declarant>) -> Vec<Declarant> {
    declarants.sort_unstable_by_key(|declarant| (declarant.place, declarant.siren));
    declarants
}

/// Those that existed in a year and do not skip it, in their order.
pub fn of_year(declarants: &[Declarant], seed: u64, year: FlowYear) -> Vec<Declarant> {
    let takes_part = |declarant: &&Declarant| {
        let mut rng = source(seed, &[1, key(declarant.siren), u64::from(year.get())]);
        declarant.existed_in(year) && !per_mille(&mut rng, 70)
    };
    declarants.iter().filter(takes_part).copied().collect()
}

/// Shares exactly `lines` among declarants by their means, at least one each.
pub fn shared(declarants: &[Declarant], lines: u32) -> Vec<u32> {
    let count = u64::try_from(declarants.len()).unwrap_or_default();
    let rest = u64::from(lines).saturating_sub(count);
    let weight = |declarant: &Declarant| u64::from(declarant.lines.saturating_sub(1));
    let whole: u64 = declarants.iter().map(weight).sum();
    let (mut until, mut given) = (0, 0);
    let mut shares: Vec<u32> = Vec::with_capacity(declarants.len());
    for declarant in declarants {
        until += weight(declarant);
        // The running sum is rounded, so that the shares are the whole.
        let due = (rest * until).checked_div(whole).unwrap_or_default();
        shares.push(u32::try_from(due - given + 1).unwrap_or(1));
        given = due;
    }
    if whole == 0
        && let Some(first) = shares.first_mut()
    {
        *first = u32::try_from(rest + 1).unwrap_or(1);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declarant(lines: u32) -> Declarant {
        let siren = "219900016".parse().unwrap();
        Declarant { siren, from: None, until: None, lines, usual_cents: 100, place: 0 }
    }

    #[test]
    fn shares_are_exact_and_nobody_has_none() {
        for (means, lines) in
            [(vec![2_000, 7, 1, 1, 30], 500), (vec![1, 1, 1], 17), (vec![5], 5), (vec![3, 9], 2)]
        {
            let declarants: Vec<Declarant> = means.into_iter().map(declarant).collect();
            let shares = shared(&declarants, lines);
            assert_eq!(shares.iter().sum::<u32>(), lines, "{shares:?}");
            assert!(shares.iter().all(|share| *share >= 1), "{shares:?}");
        }
    }
}
