//! The doubles of a workbook as the decimal text that the spreadsheet shows.

/// The number at 15 significant digits, which is what Excel shows, with a
/// point, without exponent; `None` where it is not a finite number.
///
/// Exactly three decimals are followed by a zero: `12.3450` cannot be taken for
/// twelve thousand, and an amount is then refused for its third decimal.
pub(super) fn to_text(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let shown = format!("{value:.14e}");
    let (mantissa, exponent) = shown.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    // Number of digits before the point; negative where zeros follow it.
    let whole = exponent.checked_add(1)?;
    let (whole, decimals) = if whole <= 0 {
        ("0".to_owned(), format!("{}{digits}", "0".repeat(usize::try_from(whole.checked_neg()?).ok()?)))
    } else {
        let at = usize::try_from(whole).ok()?;
        let (head, tail) = digits.split_at_checked(at).unwrap_or((digits, ""));
        (format!("{head:0<at$}"), tail.to_owned())
    };
    Some(match decimals.len() {
        0 => format!("{sign}{whole}"),
        3 => format!("{sign}{whole}.{decimals}0"),
        _ => format!("{sign}{whole}.{decimals}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amount::{AmountError, parse_amount};
    use proptest::prelude::*;

    fn text(value: &str) -> String {
        to_text(value.parse().unwrap()).unwrap()
    }

    #[test]
    fn shows_what_excel_shows() {
        for (stored, shown) in [
            ("0.30000000000000004", "0.3"),
            ("1234.5599999999999", "1234.56"),
            ("217500016", "217500016"),
            ("21750001600019", "21750001600019"),
            ("1e9", "1000000000"),
            ("1.5E-3", "0.0015"),
            ("-12.5", "-12.5"),
            ("-0", "0"),
            ("999999999.99", "999999999.99"),
            ("123456789012345678", "123456789012346000"),
            ("0.1", "0.1"),
            ("100", "100"),
            ("9.9999999999999999", "10"),
        ] {
            assert_eq!(text(stored), shown);
        }
        assert!(text("5e-324").len() > 300, "no exponent, whatever the size");
        assert_eq!(to_text(f64::NAN), None);
        assert_eq!(to_text(f64::INFINITY), None);
    }

    #[test]
    fn a_third_decimal_is_never_a_thousand() {
        assert_eq!(text("12.345"), "12.3450");
        assert!(matches!(parse_amount(&text("12.345")), Err(AmountError::TooPrecise(_))));
        assert_eq!(text("0.005"), "0.0050");
    }

    proptest! {
        #[test]
        fn cents_survive_a_double(cents in 0_i64..=99_999_999_999_999) {
            let plain = format!("{}.{:02}", cents / 100, cents % 100);
            prop_assert_eq!(parse_amount(&text(&plain)).unwrap().cents(), cents);
        }

        #[test]
        fn total_on_any_double(bits in any::<u64>()) {
            let _ = to_text(f64::from_bits(bits));
        }
    }
}
