//! The code that a collectivity receives and its agent types: `XXXX-XXXX`.

use std::fmt;

use crate::domain::account::secret::Secret;
use crate::domain::siren::Siren;

/// Digits of a code: 40 bits, worth what its [few tries](super::session::CODE_TRIES) make it worth.
const DIGITS: usize = 8;

/// A code in one form: eight digits of Crockford's base 32, which has no I, L, O
/// or U to misread. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentCode(String);

/// A text that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("un code de rattachement a huit signes, par exemple 7K3M-9XQ2")]
pub struct CodeError;

impl AttachmentCode {
    /// Reads what a person typed: case, spaces and hyphens are forgiven, O is read as 0, I and L as 1.
    ///
    /// # Errors
    /// When there are not eight digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        copied(text, DIGITS).map(Self).ok_or(CodeError)
    }

    /// As people read it: `7K3M-9XQ2`.
    #[must_use]
    pub fn shown(&self) -> String {
        let (left, right) = self.0.split_at_checked(DIGITS / 2).unwrap_or((&self.0, ""));
        format!("{left}-{right}")
    }

    /// What is kept of it: it serves one person for one collectivity alone.
    #[must_use]
    pub fn bound_to(&self, person: &str, siren: Siren) -> Secret {
        Secret::new(format!("code {person} {siren} {}", self.0))
    }
}

/// So many digits as a person copies them by hand: case, spaces and hyphens are forgiven, O is read as 0, I and L as 1.
pub(super) fn copied(text: &str, count: usize) -> Option<String> {
    let mut digits = String::with_capacity(count);
    for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '\u{2011}')) {
        let digit = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c if c.is_ascii_alphanumeric() && c != 'U' => c,
            _ => return None,
        };
        if digits.len() == count {
            return None;
        }
        digits.push(digit);
    }
    (digits.len() == count).then_some(digits)
}

impl fmt::Debug for AttachmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttachmentCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_it_as_they_read_it() {
        let code = AttachmentCode::parse("7K3M9X01").unwrap();
        for text in ["7k3m-9x01", " 7K3M 9XOI ", "7k3m\u{2011}9xol"] {
            assert_eq!(AttachmentCode::parse(text), Ok(code.clone()), "{text}");
        }
        assert_eq!(code.shown(), "7K3M-9X01");
        for text in ["", "7K3M-9X0", "7K3M-9X012", "7K3M-9XU1", "7K3M-9Xé1"] {
            assert_eq!(AttachmentCode::parse(text), Err(CodeError), "{text}");
        }
        assert!(!format!("{code:?}").contains("7K3M"));
    }

    #[test]
    fn it_serves_one_person_and_one_collectivity() {
        let code = AttachmentCode::parse("7K3M9X01").unwrap();
        let [one, other]: [Siren; 2] = ["217500016", "213105554"].map(|siren| siren.parse().unwrap());
        assert_ne!(code.bound_to("P1", one), code.bound_to("P1", other));
        assert_ne!(code.bound_to("P1", one), code.bound_to("P2", one));
    }
}
