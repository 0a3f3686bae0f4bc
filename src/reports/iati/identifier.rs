//! The identifier of an activity: the same for one SIREN and one reference, whatever the year (rule 8).

use crate::domain::siren::Siren;
use crate::reports::iati::REPORTER;

/// `XM-DAC-4-8-<siren>-<reference>`. Letters and digits without accents, points and hyphens of the reference stay;
/// any other character becomes its UTF-8 bytes, each as `_` and two hexadecimal digits. So no two references give one
/// identifier, and none holds what the standard forbids: `/`, `&`, `|`, `?` and spaces around.
#[must_use]
pub fn activity_identifier(siren: Siren, reference: &str) -> String {
    let mut text = String::with_capacity(64);
    text.push_str(REPORTER);
    text.push('-');
    text.push_str(siren.as_str());
    text.push('-');
    for byte in reference.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') {
            text.push(char::from(byte));
        } else {
            text.push('_');
            text.push(hexadecimal(byte >> 4));
            text.push(hexadecimal(byte & 15));
        }
    }
    text
}

fn hexadecimal(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

/// The SIREN and the reference of an identifier that we wrote.
#[must_use]
pub fn read(identifier: &str) -> Option<(Siren, String)> {
    let rest = identifier.strip_prefix(REPORTER)?.strip_prefix('-')?;
    let (siren, reference) = rest.split_once('-')?;
    let mut bytes = Vec::with_capacity(reference.len());
    let mut parts = reference.split('_');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    Some((siren.parse().ok()?, String::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn siren() -> Siren {
        "210000022".parse().unwrap()
    }

    #[test]
    fn what_the_standard_forbids_is_written_otherwise() {
        assert_eq!(activity_identifier(siren(), "2016-PRJ.7"), "XM-DAC-4-8-210000022-2016-PRJ.7");
        assert_eq!(activity_identifier(siren(), "a/b_c é"), "XM-DAC-4-8-210000022-a_2Fb_5Fc_20_C3_A9");
    }

    proptest! {
        #[test]
        fn it_is_read_back_and_obeys_the_ruleset(reference in any::<String>()) {
            let identifier = activity_identifier(siren(), &reference);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            prop_assert!(identifier.bytes().all(plain), "{}", identifier);
            prop_assert_eq!(read(&identifier), Some((siren(), reference)));
        }
    }
}
