//! The codes that a person prints, each of which replaces the application once: `XXXX-XXXX-XXXX-XXXX`.

use std::fmt;

use crate::domain::account::code::copied;
use crate::domain::account::secret::Secret;

/// Codes that a person has at first.
pub const COUNT: usize = 10;
/// Digits of a code: 80 bits, so that its hash needs no slowness.
const DIGITS: usize = 16;

/// A code in one form: digits of Crockford's base 32. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Reads what a person typed, or what was just drawn; nothing where it is no such code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        copied(text, DIGITS).map(Self)
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(DIGITS + 3);
        for (place, digit) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                shown.push('-');
            }
            shown.push(digit);
        }
        shown
    }

    /// What is kept of it, as a hash: it serves one person alone.
    #[must_use]
    pub fn bound_to(&self, person: &str) -> Secret {
        Secret::new(format!("recovery {person} {}", self.0))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_it_as_it_is_printed() {
        let code = RecoveryCode::parse("0123456789ABCDEF").unwrap();
        assert_eq!(code.shown(), "0123-4567-89AB-CDEF");
        for text in ["0123-4567-89ab-cdef", " o123 4567 89AB CDEF "] {
            assert_eq!(RecoveryCode::parse(text), Some(code.clone()), "{text}");
        }
        for text in ["", "123456", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0", "0123-4567-89AB-CDEU"] {
            assert_eq!(RecoveryCode::parse(text), None, "{text}");
        }
        assert_ne!(code.bound_to("P1"), code.bound_to("P2"));
        assert!(!format!("{code:?}").contains("0123"));
    }
}
