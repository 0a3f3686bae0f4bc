//! How figures, days and counts read in French pages.

use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;

pub use crate::domain::text::thousands;

/// `1 234,56 €`, with the spaces of French typography.
pub fn euros(amount: Euros) -> String {
    amount.to_string()
}

/// The magnitude of an amount, where there is little room: `850 €`, `12 k€`, `3,4 M€`. Rounded half up.
pub fn magnitude(amount: Euros) -> String {
    let cents = u64::try_from(amount.cents()).unwrap_or_default();
    let rounded = |unit: u64| (cents + unit / 2) / unit;
    if rounded(100) < 1_000 {
        return format!("{}\u{a0}€", rounded(100));
    }
    let (unit, name) = if rounded(100_000) < 1_000 { (100_000, "k€") } else { (100_000_000, "M€") };
    match rounded(unit / 10) {
        tenths @ 0..100 if tenths % 10 > 0 => format!("{},{}\u{a0}{name}", tenths / 10, tenths % 10),
        _ => format!("{}\u{a0}{name}", thousands(rounded(unit))),
    }
}

/// A count with its noun: `0 ligne`, `1 ligne`, `2 lignes`. Thousands are apart.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", thousands(number), if number < 2 { one } else { many })
}

/// The size of a file: `850 octets`, `12 ko`, `3,4 Mo`. Thousands of bytes, rounded half up.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes, "octet", "octets"),
        1_000..999_500 => format!("{}\u{a0}ko", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{},{}\u{a0}Mo", thousands(tenths / 10), tenths % 10)
        }
    }
}

/// `15 juin 2026`, `1er mai 2026`.
pub fn long_day(day: Day) -> String {
    day.to_long()
}

/// `20 mai 2026 à 9 h 05`, in Paris: where seconds do not matter.
pub fn minute(at: Instant) -> String {
    at.to_minute()
}

/// `20 mai 2026 à 09 h 05 min 07 s`, in Paris.
pub fn long_instant(at: Instant) -> String {
    at.to_string()
}

/// What is left until an end: days counted in civil days of Paris, then hours, then minutes.
pub fn time_left(now: Instant, end: Instant) -> String {
    let seconds = u64::try_from(end.seconds_since(now)).unwrap_or_default();
    // The end is the midnight after the last day, which still counts.
    let last = end.plus_seconds(-1).day_in_paris().date();
    let days = u64::try_from((last - now.day_in_paris().date()).whole_days()).unwrap_or_default();
    match (days, seconds / 3600) {
        (1.., _) => format!("Il reste {}.", count(days, "jour", "jours")),
        (0, hours @ 1..) => format!("Dernier jour\u{a0}: il reste {}.", count(hours, "heure", "heures")),
        (0, 0) => format!("Il reste {}.", count(seconds.div_ceil(60), "minute", "minutes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(count(0, "ligne", "lignes"), "0\u{a0}ligne");
        assert_eq!(count(1, "ligne", "lignes"), "1\u{a0}ligne");
        assert_eq!(count(36_388, "collectivité", "collectivités"), "36\u{202f}388\u{a0}collectivités");
    }

    #[test]
    fn a_size_tells_its_unit() {
        for (bytes, told) in [
            (0, "0\u{a0}octet"),
            (850, "850\u{a0}octets"),
            (1_499, "1\u{a0}ko"),
            (999_499, "999\u{a0}ko"),
            (999_500, "1,0\u{a0}Mo"),
            (3_449_999, "3,4\u{a0}Mo"),
            (12_345_678_900, "12\u{202f}345,7\u{a0}Mo"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }

    #[test]
    fn a_magnitude_tells_thousands_from_euros() {
        for (cents, told) in [
            (49, "0\u{a0}€"),
            (99, "1\u{a0}€"),
            (85_000, "850\u{a0}€"),
            (320_000, "3,2\u{a0}k€"),
            (99_950, "1\u{a0}k€"),
            (996_000, "10\u{a0}k€"),
            (1_200_000, "12\u{a0}k€"),
            (4_190_000, "42\u{a0}k€"),
            (99_949_999, "999\u{a0}k€"),
            (99_950_000, "1\u{a0}M€"),
            (340_000_000, "3,4\u{a0}M€"),
            (120_000_000_000, "1\u{202f}200\u{a0}M€"),
        ] {
            assert_eq!(magnitude(Euros::from_cents(cents).unwrap()), told);
        }
    }

    #[test]
    fn what_is_left_counts_civil_days_then_hours_then_minutes() {
        let end = at("2026-06-16T00:00:00+02:00");
        for (now, left) in [
            ("2026-05-20T09:00:00+02:00", "Il reste 26\u{a0}jours."),
            ("2026-06-14T23:59:59+02:00", "Il reste 1\u{a0}jour."),
            ("2026-06-15T00:00:00+02:00", "Dernier jour\u{a0}: il reste 24\u{a0}heures."),
            ("2026-06-15T22:59:59+02:00", "Dernier jour\u{a0}: il reste 1\u{a0}heure."),
            ("2026-06-15T23:00:01+02:00", "Il reste 60\u{a0}minutes."),
            ("2026-06-15T23:59:59+02:00", "Il reste 1\u{a0}minute."),
        ] {
            assert_eq!(time_left(at(now), end), left, "{now}");
        }
    }
}
