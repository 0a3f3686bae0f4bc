//! Reads the amounts that people type (rule 6): lenient on French form, never guessing.

use std::borrow::Cow;

use crate::domain::euros::Euros;

/// Why a text is not an amount; `Display` says in French how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was given.
    #[error("montant absent\u{a0}: indiquez un montant en euros, par exemple 1234,56")]
    Empty,
    /// Two readings are possible.
    #[error(
        "montant ambigu\u{a0}: «\u{a0}{text}\u{a0}» peut se lire {first} ou {second}\u{a0}; écrivez {first_cell} ou {second_cell}"
    )]
    Ambiguous {
        /// The text as given.
        text: String,
        /// First reading, French form.
        first: String,
        /// Second reading, French form.
        second: String,
        /// How to write the first reading.
        first_cell: String,
        /// How to write the second reading.
        second_cell: String,
    },
    /// More than two decimals.
    #[error(
        "plus de deux décimales dans «\u{a0}{0}\u{a0}»\u{a0}: arrondissez au centime, par exemple 1234,56"
    )]
    TooPrecise(String),
    /// A figure too large for the service.
    #[error(
        "montant trop grand\u{a0}: «\u{a0}{0}\u{a0}» dépasse 9\u{202f}999\u{202f}999\u{202f}999\u{202f}999,99\u{a0}€"
    )]
    TooLarge(String),
    /// Anything else.
    #[error(
        "montant illisible\u{a0}: «\u{a0}{0}\u{a0}»\u{a0}; écrivez seulement des chiffres, une virgule et deux décimales, par exemple 1234,56"
    )]
    Unreadable(String),
}

/// Reads an amount in euros.
///
/// Accepted: digits in ASCII, thousands separated by a space, U+00A0 or U+202F
/// in groups of three, one `,` or `.` before one or two decimals, an optional
/// final `€`, `EUR` or `euros`, an optional leading `-`.
///
/// # Errors
/// Refuses what has two readings (`1.234`), more than two decimals, exponents,
/// other digits than ASCII, and mixed separators; the error shows the readings.
pub fn parse_amount(text: &str) -> Result<Euros, AmountError> {
    let shown = text.trim();
    if shown.is_empty() {
        return Err(AmountError::Empty);
    }
    let unreadable = || AmountError::Unreadable(shorten(shown));
    let (negative, body) = match shown.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, shown),
    };
    let body = strip_unit(body);
    let mut parts = body.split([',', '.']);
    let whole = parts.next().unwrap_or_default();
    let decimals = parts.next();
    if parts.next().is_some() {
        return Err(unreadable());
    }
    let whole = join_thousands(whole).ok_or_else(unreadable)?;
    let decimals = decimals.unwrap_or("0");
    if decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unreadable());
    }
    if decimals.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0" {
        return Err(ambiguous(shown, &whole, decimals));
    }
    if decimals.len() > 2 {
        return Err(AmountError::TooPrecise(shorten(shown)));
    }
    let cents = to_cents(&whole, decimals, negative).ok_or_else(|| AmountError::TooLarge(shorten(shown)))?;
    Euros::from_cents(cents).map_err(|_range| AmountError::TooLarge(shorten(shown)))
}

fn to_cents(whole: &str, decimals: &str, negative: bool) -> Option<i64> {
    let whole: i64 = whole.parse().ok()?;
    let digits: i64 = decimals.parse().ok()?;
    let fraction = if decimals.len() == 1 { digits.checked_mul(10)? } else { digits };
    let cents = whole.checked_mul(100)?.checked_add(fraction)?;
    Some(if negative { cents.checked_neg()? } else { cents })
}

fn strip_unit(body: &str) -> &str {
    if body.ends_with(|last: char| last.is_ascii_digit()) {
        return body;
    }
    for unit in ["€", "euros", "euro", "eur"] {
        let Some(at) = body.len().checked_sub(unit.len()) else { continue };
        if let (Some(head), Some(tail)) = (body.get(..at), body.get(at..))
            && tail.to_lowercase() == unit
        {
            return head.trim_end();
        }
    }
    body
}

/// Joins `1 234 567` when every group after the first has three digits.
fn join_thousands(text: &str) -> Option<Cow<'_, str>> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Cow::Borrowed(text));
    }
    let groups: Vec<&str> = text.split([' ', '\u{a0}', '\u{202f}', '\u{2009}']).collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    if !groups.iter().all(digits) {
        return None;
    }
    let (first, rest) = groups.split_first()?;
    if !rest.is_empty() && (first.len() > 3 || rest.iter().any(|group| group.len() != 3)) {
        return None;
    }
    Some(Cow::Owned(groups.concat()))
}

fn ambiguous(shown: &str, whole: &str, decimals: &str) -> AmountError {
    let (Some(thousands), Some(rounded)) = (
        to_cents(&format!("{whole}{decimals}"), "0", false).and_then(|c| Euros::from_cents(c).ok()),
        to_cents(whole, decimals.get(..2).unwrap_or("0"), false).and_then(|c| Euros::from_cents(c).ok()),
    ) else {
        return AmountError::Unreadable(shorten(shown));
    };
    AmountError::Ambiguous {
        text: shorten(shown),
        first: thousands.to_string(),
        second: format!("{whole},{decimals}\u{a0}€"),
        first_cell: thousands.to_cell(),
        second_cell: rounded.to_cell(),
    }
}

/// Error texts show what was typed, not a page of it.
fn shorten(text: &str) -> String {
    crate::domain::text::excerpt(text, 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cents(text: &str) -> i64 {
        parse_amount(text).unwrap().cents()
    }

    #[test]
    fn reads_french_forms() {
        for text in [
            "1234,56",
            "1 234,56 €",
            "1\u{a0}234,56\u{a0}€",
            "1\u{202f}234,56\u{202f}€",
            "1234.56",
            " 1234,56 EUR ",
        ] {
            assert_eq!(cents(text), 123_456, "{text}");
        }
        assert_eq!(cents("12"), 1_200);
        assert_eq!(cents("12,5"), 1_250);
        assert_eq!(cents("0,01"), 1);
        assert_eq!(cents("-3,20"), -320);
        assert_eq!(cents("999 999 999,99"), 99_999_999_999);
    }

    #[test]
    fn shows_both_readings_of_an_ambiguous_amount() {
        let error = parse_amount("1.234").unwrap_err().to_string();
        assert!(error.contains("1\u{202f}234,00\u{a0}€") && error.contains("1,234\u{a0}€"), "{error}");
        assert!(matches!(parse_amount("12,345"), Err(AmountError::Ambiguous { .. })));
    }

    #[test]
    fn never_guesses() {
        for text in [
            "1e9",
            "1_000",
            "１２",
            "1 23",
            "1,234.56",
            "1.234,56",
            "1.234.567",
            "abc",
            "12,",
            ",5",
            "NaN",
            "+5",
            "1,,2",
            "٣",
            "12 €€",
        ] {
            assert!(parse_amount(text).is_err(), "{text}");
        }
        assert!(matches!(parse_amount("1234,567"), Err(AmountError::TooPrecise(_))));
        assert!(matches!(parse_amount("0,005"), Err(AmountError::TooPrecise(_))));
        assert!(matches!(parse_amount("99999999999999999999"), Err(AmountError::TooLarge(_))));
        assert!(matches!(parse_amount("  "), Err(AmountError::Empty)));
    }

    proptest! {
        #[test]
        fn total_on_any_text(text in ".{0,60}") {
            let _ = parse_amount(&text);
        }

        #[test]
        fn reads_back_every_form(cents in 0_i64..=99_999_999_999_999) {
            let amount = Euros::from_cents(cents).unwrap();
            prop_assert_eq!(parse_amount(&amount.to_string()), Ok(amount));
            prop_assert_eq!(parse_amount(&amount.to_plain()), Ok(amount));
            prop_assert_eq!(parse_amount(&amount.to_cell()), Ok(amount));
        }
    }
}
