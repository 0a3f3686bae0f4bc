//! Drawing: one source of randomness a thing, so that what is drawn does not
//! depend on the order in which things are made.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::domain::siren::Siren;

/// The source for the thing that `parts` name, under a seed.
pub fn source(seed: u64, parts: &[u64]) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(parts.iter().fold(seed, |mixed, part| mix(mixed ^ mix(*part))))
}

/// Spreads neighbouring numbers over all of them (the finaliser of splitmix64).
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A SIREN as a part of a name.
pub fn key(siren: Siren) -> u64 {
    siren.as_str().bytes().fold(0, |number, digit| number * 10 + u64::from(digit.wrapping_sub(b'0')))
}

/// One of `items`, each as often as the others.
pub fn pick<'a, T>(rng: &mut impl Rng, items: &'a [T]) -> Option<&'a T> {
    items.get(rng.random_range(0..items.len().max(1)))
}

/// Whether something comes that comes so often in a thousand.
pub fn per_mille(rng: &mut impl Rng, often: u32) -> bool {
    rng.random_range(0..1_000) < often
}

/// Eighths of an octave: 1000 × 2^(n/8).
const EIGHTHS: [i64; 8] = [1_000, 1_091, 1_189, 1_297, 1_414, 1_542, 1_682, 1_834];
/// Each of so many draws moves the amount by up to an octave either way.
const DRAWS: u32 = 8;

/// An amount of centimes around a usual one: few large and many small, by the
/// sum of small random factors, as payments are; at most 256 times more or less.
pub fn cents(rng: &mut impl Rng, usual: i64) -> i64 {
    let eighths: i64 = (0..DRAWS).map(|_draw| rng.random_range(0..=16_i64)).sum();
    // In the middle at 64 eighths.
    let (octaves, rest) = (eighths / 8, usize::try_from(eighths % 8).unwrap_or_default());
    let factor = EIGHTHS.get(rest).copied().unwrap_or(1_000) * (1_i64 << octaves);
    let amount = usual.saturating_mul(factor) / 256 * rng.random_range(950..=1_050_i64) / 1_000_000;
    rounded(rng, amount.max(100))
}

/// Some amounts are to the centime, most are round, as people decide them.
fn rounded(rng: &mut impl Rng, cents: i64) -> i64 {
    let unit = match rng.random_range(0..6) {
        0 | 1 => return cents,
        2 => 100,
        3 | 4 => 10_000,
        _ => 50_000,
    };
    // Below, a whole number of euros may be one of thousands: the rules ask.
    if cents < 20 * unit.max(10_000) { cents | 1 } else { cents / unit * unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_draws_the_same() {
        let draw = |parts: &[u64]| source(7, parts).random_range(0..u64::MAX);
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[1, 2]), source(8, &[1, 2]).random_range(0..u64::MAX));
    }

    #[test]
    fn amounts_are_many_small_and_few_large() {
        let mut rng = source(1, &[]);
        let mut drawn: Vec<i64> = (0..20_000).map(|_time| cents(&mut rng, 1_000_000)).collect();
        drawn.sort_unstable();
        let (median, mean) = (drawn[10_000], drawn.iter().sum::<i64>() / 20_000);
        assert!((700_000..1_400_000).contains(&median), "{median}");
        assert!((median * 3 / 2..median * 4).contains(&mean), "{mean}");
        assert!(drawn[0] >= 100 && drawn[0] < 30_000, "{}", drawn[0]);
        assert!(drawn[19_999] > 50_000_000, "{}", drawn[19_999]);
    }
}
