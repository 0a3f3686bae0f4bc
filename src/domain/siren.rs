//! SIREN and SIRET numbers, with their check keys.

use std::fmt;
use std::str::FromStr;

/// A valid SIREN: nine digits whose Luhn sum is a multiple of ten.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siren([u8; 9]);

/// A valid SIRET: a SIREN and the five digits of an establishment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret([u8; 14]);

/// Why a text is not a SIREN or a SIRET; `Display` says in French what to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SirenError {
    /// Not the expected number of ASCII digits.
    #[error("«\u{a0}{text}\u{a0}» n’est pas un {expected} chiffres")]
    Shape {
        /// The text as given, shortened.
        text: String,
        /// `SIREN à 9` or `SIRET à 14`.
        expected: &'static str,
    },
    /// The check key is wrong: most often a digit was mistyped.
    #[error("la clé de contrôle de «\u{a0}{0}\u{a0}» est fausse\u{a0}: vérifiez les chiffres")]
    Key(String),
}

impl Siren {
    /// The nine digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The constructor accepts ASCII digits only.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Siren {
    /// Whether it can be that of a public body: INSEE begins theirs, and only theirs, with 1 or 2.
    #[must_use]
    pub const fn may_be_public(&self) -> bool {
        matches!(self.0[0], b'1' | b'2')
    }
}

impl Siret {
    /// La Poste numbers most of its establishments by a sum of digits that is
    /// a multiple of five instead of a Luhn key.
    const LA_POSTE: &'static [u8] = b"356000000";

    /// The SIREN of the legal person.
    #[must_use]
    pub fn siren(&self) -> Siren {
        let mut digits = [b'0'; 9];
        digits.copy_from_slice(&self.0[..9]);
        Siren(digits)
    }

    /// The fourteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Reads `N` ASCII digits, spaces of any kind and dots between them forgiven.
fn digits<const N: usize>(text: &str, expected: &'static str) -> Result<[u8; N], SirenError> {
    let error = || SirenError::Shape { text: crate::domain::text::excerpt(text.trim(), 30), expected };
    let mut found = [0_u8; N];
    let mut count = 0_usize;
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '.') {
        let digit = u8::try_from(c).ok().filter(u8::is_ascii_digit).ok_or_else(error)?;
        *found.get_mut(count).ok_or_else(error)? = digit;
        count = count.saturating_add(1);
    }
    if count == N { Ok(found) } else { Err(error()) }
}

fn luhn_sum(digits: &[u8]) -> u32 {
    let value = |(index, digit): (usize, &u8)| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        match (index.is_multiple_of(2), digit) {
            (true, _) => digit,
            (false, 0..=4) => digit * 2,
            (false, _) => digit * 2 - 9,
        }
    };
    digits.iter().rev().enumerate().map(value).sum()
}

impl FromStr for Siren {
    type Err = SirenError;

    fn from_str(text: &str) -> Result<Self, SirenError> {
        let siren = Self(digits::<9>(text, "SIREN à 9")?);
        if siren.0 == *b"000000000" || !luhn_sum(&siren.0).is_multiple_of(10) {
            return Err(SirenError::Key(siren.to_string()));
        }
        Ok(siren)
    }
}

impl FromStr for Siret {
    type Err = SirenError;

    fn from_str(text: &str) -> Result<Self, SirenError> {
        let siret = Self(digits::<14>(text, "SIRET à 14")?);
        siret.siren().as_str().parse::<Siren>()?;
        let plain_sum: u32 = siret.0.iter().map(|digit| u32::from(digit.wrapping_sub(b'0'))).sum();
        let la_poste = siret.0.starts_with(Self::LA_POSTE) && plain_sum.is_multiple_of(5);
        if !la_poste && !luhn_sum(&siret.0).is_multiple_of(10) {
            return Err(SirenError::Key(siret.as_str().to_owned()));
        }
        Ok(siret)
    }
}

/// Reads a SIREN, or the SIREN of a SIRET, as people paste either.
///
/// # Errors
/// The error of the form that the number of digits suggests.
pub fn parse_siren_or_siret(text: &str) -> Result<Siren, SirenError> {
    let count = text.chars().filter(char::is_ascii_digit).count();
    if count > 9 { text.parse::<Siret>().map(|siret| siret.siren()) } else { text.parse() }
}

impl fmt::Display for Siren {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Siren {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Siren {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_real_numbers_and_refuses_a_wrong_digit() {
        assert_eq!("217500016".parse::<Siren>().unwrap().as_str(), "217500016");
        assert_eq!(" 217 500 016 ".parse::<Siren>().unwrap().as_str(), "217500016");
        assert!(matches!("217500017".parse::<Siren>(), Err(SirenError::Key(_))));
        assert!(matches!("21750001".parse::<Siren>(), Err(SirenError::Shape { .. })));
        assert!(matches!("２17500016".parse::<Siren>(), Err(SirenError::Shape { .. })));
        assert!("000000000".parse::<Siren>().is_err());
    }

    #[test]
    fn knows_the_exception_of_la_poste() {
        assert!("35600000000048".parse::<Siret>().is_ok(), "the head office passes Luhn");
        assert!("35600000009075".parse::<Siret>().is_ok(), "an office by the sum of its digits");
        assert!("35600000009076".parse::<Siret>().is_err());
        assert_eq!(parse_siren_or_siret("35600000009075").unwrap().as_str(), "356000000");
    }

    proptest! {
        #[test]
        fn total_on_any_text(text in ".{0,30}") {
            let _ = parse_siren_or_siret(&text);
        }

        #[test]
        fn one_mistyped_digit_is_found(index in 0_usize..9, shift in 1_u8..10) {
            let mut digits = *b"217500016";
            digits[index] = b'0' + (digits[index] - b'0' + shift) % 10;
            prop_assert!(std::str::from_utf8(&digits).unwrap().parse::<Siren>().is_err());
        }
    }
}
